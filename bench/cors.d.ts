declare module "cors" {
  export default function cors(options: Record<string, unknown>): unknown;
}
