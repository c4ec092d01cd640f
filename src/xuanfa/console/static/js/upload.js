/* A file goes in parts of a million bytes; after a lost connection it goes on from where the server says it is. */
const PART = 1000000;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const LOST = [502, 503, 504];

export async function sendInParts(file, csrf, told, words) {
  const name = Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) => each.toString(16).padStart(2, "0")).join("");
  let have = 0, tries = 0;
  while (have < file.size) {
    let answer = null;
    try {
      if (tries) {
        const there = await fetch(`/uploads/${name}`, { headers: { accept: "application/json", "X-Part": "upload" } });
        if (there.ok) have = (await there.json()).have;
        if (have >= file.size) return name;
      }
      const body = new FormData();
      body.append("csrf", csrf());
      body.append("offset", String(have));
      body.append("part", file.slice(have, have + PART), "part");
      answer = await fetch(`/uploads/${name}`, { method: "POST", body, headers: { accept: "application/json" } });
    } catch (error) { answer = null; }
    if (!answer || LOST.includes(answer.status)) {
      tries += 1;
      told(have, tries);
      await wait(Math.min(1000 * tries, 10000));
      continue;
    }
    if (!answer.ok) throw new Error(await reason(answer, words));
    tries = 0;
    have = (await answer.json()).have;
    told(have, 0);
  }
  return name;
}
async function reason(answer, words) {
  if (answer.status === 401 || answer.status === 403) return words.ended;
  const isJson = (answer.headers.get("content-type") || "").startsWith("application/json");
  return (isJson && (await answer.json()).detail) || words.failed;
}
