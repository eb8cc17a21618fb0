// Notes, as an Express application. It knows nothing of Lambda: `npm install && PORT=8080 node app.js` runs it anywhere.
const crypto = require("node:crypto");
const express = require("express");

const LOGO = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=", "base64");

const app = express();
const notes = new Map();
let last = 0;

app.use(express.json());

app.get("/", (request, response) => response.send("<h1>Notes</h1>"));

app.get("/notes", (request, response) => {
  const tags = [].concat(request.query.tag ?? []);
  const fitting = [...notes.values()].filter((note) => tags.every((tag) => note.tags.includes(tag)));
  response.json(fitting);
});

app.post("/notes", (request, response) => {
  const note = { id: ++last, text: request.body.text, tags: request.body.tags ?? [] };
  notes.set(note.id, note);
  response.status(201).location(`/notes/${note.id}`).json(note);
});

app.get("/notes/:id", (request, response) => {
  const note = notes.get(Number(request.params.id));
  return note ? response.json(note) : response.status(404).json({ error: "no such note" });
});

app.delete("/notes/:id", (request, response) => {
  response.status(notes.delete(Number(request.params.id)) ? 204 : 404).end();
});

app.get("/login", (request, response) => {
  response.cookie("name", request.query.name, { httpOnly: true }).cookie("theme", "dark").redirect(303, "/");
});

app.get("/me", (request, response) => {
  const name = /(?:^|; )name=([^;]*)/.exec(request.headers.cookie ?? "")?.[1];
  return name ? response.json({ name }) : response.status(401).json({ error: "who are you?" });
});

app.get("/logo.png", (request, response) => response.type("png").send(LOGO));

app.post("/digest", express.raw({ type: "*/*", limit: "5mb" }), (request, response) => {
  response.type("text").send(crypto.createHash("sha256").update(request.body).digest("hex"));
});

app.get("/countdown", async (request, response) => {
  response.type("text");
  for (const number of [3, 2, 1]) {
    response.write(`${number}\n`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  response.end("liftoff\n");
});

app.listen(Number(process.env.PORT ?? 8080), "127.0.0.1");
