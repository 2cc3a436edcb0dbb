// The code under test: what a page does with its API.

const api = "https://api.example.com/notes";

export async function readNotes(): Promise<readonly string[]> {
  const response = await fetch(api);
  return (await response.json()) as readonly string[];
}

export async function replaceNotes(notes: readonly string[]): Promise<void> {
  await fetch(api, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(notes),
  });
}
