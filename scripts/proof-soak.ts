// npm run proof:soak [-- --seconds N --clients N]: minutes of everything at once (test/soak/soak.ts).
// Exit 1 where a request was lost, an answer was wrong, or memory grew.

import { parseArgs } from "node:util";
import { growth, soak } from "../test/soak/soak.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "300" },
    clients: { type: "string", default: "32" },
  },
});
const clients = Number(values.clients);
/** What the memory may vary by from one quarter to the next; MiB. */
const tolerance = 16;

const soaked = await soak({
  seconds: Number(values.seconds),
  clients,
  killEvery: 10,
  progress: (line) => console.log(line),
});
const grown = { leader: growth(soaked.memory.leader), process: growth(soaked.memory.process) };
const faults = [
  ...soaked.lost.map((what) => `lost: ${what}`),
  ...soaked.wrong.map((what) => `wrong: ${what}`),
];
if (soaked.killed > clients * soaked.kills)
  faults.push(`${soaked.killed} requests ended with ${soaked.kills} processes`);
for (const [who, mebibytes] of Object.entries(grown))
  if (mebibytes > tolerance) faults.push(`memory of the ${who} grew by ${mebibytes} MiB`);

console.log(
  `\n${soaked.requests} requests, ${soaked.faults} to a fault of the upstream, ${soaked.reloads} reloads, ` +
    `${soaked.kills} killed processes with ${soaked.killed} requests under way`,
);
console.log(
  `memory, last quarter over the third: leader ${grown.leader} MiB, process ${grown.process} MiB ` +
    `(at the end ${soaked.memory.process.at(-1)} MiB)`,
);
for (const one of faults.slice(0, 20)) console.log(one);
console.log(faults.length === 0 ? "held" : `not held: ${faults.length}`);
process.exitCode = faults.length === 0 ? 0 : 1;
