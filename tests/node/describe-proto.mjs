// Prints, as JSON, the fields of every message in the Node SDK's generated stubs, and the rpcs of every service:
// {"messages": {"pulumirpc.CheckRequest": {"1": "string", "2": "google.protobuf.Struct", …}}, "services": {"pulumirpc.Engine": [{…}]}}.
// The stubs carry no descriptors, so the types are read from the text of their deserialisers.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const files = ["alias", "engine", "errors", "plugin", "provider", "resource", "source", "status"];
const messages = {};
const services = {};

function shortName(type) {
  return type
    .replace(/^proto\./, "")
    .replace(/^google_protobuf_(\w+)_pb\./, "google.protobuf.")
    .replace(/^pulumi_(\w+)_pb\./, "pulumirpc.")
    .replace(/^google_rpc_status_pb\./, "google.rpc.");
}

function scalar(reader) {
  return reader.replace(/^readPacked/, "read").replace(/^read/, "").toLowerCase();
}

function describe(text) {
  const fields = {};
  for (const part of text.split(/\n\s*case (?=\d+:)/).slice(1)) {
    const number = part.match(/^(\d+):/)[1];
    const map = part.match(/jspb\.Map\.deserializeBinary\(message, reader, jspb\.BinaryReader\.prototype\.(\w+), jspb\.BinaryReader\.prototype\.(\w+)(?:, ([\w.]+)\.deserializeBinaryFromReader)?/);
    const message = part.match(/var value = new ([\w.]+);/);
    const plain = part.match(/reader\.(read\w+)\(/);
    const repeated = /msg\.add\w+\(/.test(part) || /for \(var i = 0; i < values\.length/.test(part);
    let type;
    if (map) {
      type = `map<${scalar(map[1])},${map[3] ? shortName(map[3]) : scalar(map[2])}>`;
    } else if (message) {
      type = shortName(message[1]);
    } else {
      type = scalar(plain[1]);
    }
    fields[number] = repeated ? `repeated ${type}` : type;
  }
  return fields;
}

function walk(prefix, object) {
  for (const [name, value] of Object.entries(object)) {
    if (typeof value === "function" && value.deserializeBinaryFromReader) {
      const full = `${prefix}.${name}`;
      messages[full] = describe(value.deserializeBinaryFromReader.toString());
      walk(full, value);
    }
  }
}

for (const file of files) {
  walk(file === "status" ? "google.rpc" : "pulumirpc", require(`@pulumi/pulumi/proto/${file}_pb.js`));
  if (["engine", "provider", "resource"].includes(file)) {
    const grpc = require(`@pulumi/pulumi/proto/${file}_grpc_pb.js`);
    for (const [name, service] of Object.entries(grpc).filter(([name]) => name.endsWith("Service"))) {
      services[`pulumirpc.${name.replace(/Service$/, "")}`] = Object.values(service).map((rpc) => ({
        path: rpc.path,
        requestStream: rpc.requestStream,
        responseStream: rpc.responseStream,
      }));
    }
  }
}

console.log(JSON.stringify({ messages, services }));
