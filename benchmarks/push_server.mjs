// An HTTP/2 server that accepts every push in the shape of APNs' answer.
import { readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";

const [port, certificate, key] = process.argv.slice(2);
const server = createSecureServer({
  cert: readFileSync(certificate),
  key: readFileSync(key),
  settings: { maxConcurrentStreams: 1000 },
});
server.on("stream", (stream, headers) => {
  stream.on("error", () => {});
  stream.resume();
  const answer = { ":status": 200, "apns-id": headers["apns-id"] };
  stream.respond(answer, { endStream: true, sendDate: false });
});
server.listen(Number(port), "127.0.0.1");
