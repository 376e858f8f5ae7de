// A provider on the stubs of Pulumi's Node SDK, for what its own provider module has no words for: previews, detailed diffs,
// refresh before update, half-done resources, dying. Its things are files in the folder that the configuration names, so a test
// can look at them, change them behind the engine's back, and see every call in calls.log.
const crypto = require("crypto");
const fs = require("fs");
const path = require("path");
const grpc = require("@grpc/grpc-js");
const anyproto = require("google-protobuf/google/protobuf/any_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
const plugin = require("@pulumi/pulumi/proto/plugin_pb");
const services = require("@pulumi/pulumi/proto/provider_grpc_pb");
const messages = require("@pulumi/pulumi/proto/provider_pb");
const status = require("@pulumi/pulumi/proto/status_pb");

const signature = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";
const settings = JSON.parse(process.env.PULUMI_CONFIG || "{}");
const folder = settings.folder;

function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  if (value[signature] === secret) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

const file = (id) => path.join(folder, `${id}.json`);
const read = (id) => (fs.existsSync(file(id)) ? JSON.parse(fs.readFileSync(file(id), "utf8")) : undefined);
const write = (id, thing) => fs.writeFileSync(file(id), JSON.stringify(thing));
const struct = (object) => Struct.fromJavaScript(object);
const js = (message) => (message ? message.toJavaScript() : undefined);

let nextEntry = 0;
function log(call, request, facts) {
  const entry = { call, name: request && request.getName ? request.getName() : "", pid: process.pid, entry: nextEntry++, ...facts };
  fs.appendFileSync(path.join(folder, "calls.log"), JSON.stringify(entry) + "\n");
}

// Something to be told once the test says so: nothing here depends on how fast a machine is.
async function held(inputs) {
  if (inputs.hold) {
    fs.writeFileSync(path.join(folder, `${inputs.hold}.reached`), "");
    while (!fs.existsSync(path.join(folder, `${inputs.hold}.release`))) await new Promise((done) => setTimeout(done, 20));
  }
}

function initFailed(id, outputs, reason) {
  const failure = new messages.ErrorResourceInitFailed();
  failure.setId(id);
  failure.setProperties(struct(outputs));
  failure.setReasonsList([reason]);
  const detail = new anyproto.Any();
  detail.pack(failure.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const whole = new status.Status();
  whole.setCode(grpc.status.UNKNOWN);
  whole.setMessage("half done");
  whole.addDetails(detail);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(whole.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: "half done", metadata };
}

const fails = (inputs, call) => inputs.fail === call && { code: grpc.status.UNKNOWN, details: `${call} is not possible` };
const dies = (inputs, call) => inputs.die === call && (console.error(`last words of ${call}`), process.kill(process.pid, "SIGKILL"));

const handlers = {
  async getPluginInfo() {
    const info = new plugin.PluginInfo();
    info.setVersion("1.2.3");
    return info;
  },
  async getSchema() {
    // A project that has a schema for it brings it along.
    if (!fs.existsSync("schema.json")) throw { code: grpc.status.UNIMPLEMENTED, details: "there is no schema" };
    const response = new messages.GetSchemaResponse();
    response.setSchema(fs.readFileSync("schema.json", "utf8"));
    return response;
  },
  async cancel() {
    log("Cancel");
    return new Empty();
  },
  async checkConfig(request) {
    log("CheckConfig", request, { news: js(request.getNews()), olds: js(request.getOlds()) });
    const response = new messages.CheckResponse();
    response.setInputs(request.getNews());
    return response;
  },
  async diffConfig(request) {
    log("DiffConfig", request);
    const [olds, news] = [js(request.getOldInputs()), js(request.getNews())];
    const response = new messages.DiffResponse();
    const same = JSON.stringify(olds) === JSON.stringify(news);
    response.setChanges(same ? 1 : 2);
    if (olds.account !== news.account) response.setReplacesList(["account"]);
    return response;
  },
  async configure(request) {
    log("Configure", request, { args: js(request.getArgs()), id: request.getId() });
    const response = new messages.ConfigureResponse();
    response.setAcceptsecrets(settings.secrets !== "no");
    response.setSupportspreview(settings.preview !== "no");
    response.setAcceptresources(true);
    return response;
  },
  async invoke(request) {
    log("Invoke", null, { token: request.getTok(), args: js(request.getArgs()) });
    const response = new messages.InvokeResponse();
    const { text, other } = plain(js(request.getArgs()));
    response.setReturn(struct({ echo: text, ...(other && { other, digest: crypto.createHash("sha256").update(text).digest("hex") }) }));
    return response;
  },
  async check(request) {
    const news = js(request.getNews());
    log("Check", request, { olds: js(request.getOlds()), news, hasOlds: request.hasOlds() });
    const response = new messages.CheckResponse();
    response.setInputs(struct({ ...news, unit: news.unit || "cm" }));
    if (plain(news).reject) {
      const failure = new messages.CheckFailure();
      failure.setProperty("reject");
      failure.setReason("is not wanted");
      response.setFailuresList([failure]);
    }
    return response;
  },
  async diff(request) {
    const [olds, news, oldInputs] = [plain(js(request.getOlds())), plain(js(request.getNews())), js(request.getOldInputs())];
    log("Diff", request, { olds: js(request.getOlds()), news: js(request.getNews()), oldInputs });
    const response = new messages.DiffResponse();
    const differing = ["value", "shape", "tags"].filter((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]));
    response.setChanges(differing.length ? 2 : 1);
    response.setDiffsList(differing);
    response.setHasdetaileddiff(true);
    for (const key of differing) {
      const entry = new messages.PropertyDiff();
      entry.setKind(key === "shape" ? 5 : 4);
      response.getDetaileddiffMap().set(key, entry);
    }
    if (differing.includes("shape")) response.setReplacesList(["shape"]);
    response.setDeletebeforereplace(news.exclusive === true);
    return response;
  },
  async create(request) {
    const given = js(request.getProperties());
    const inputs = plain(given);
    log(request.getPreview() ? "Create(preview)" : "Create", request, { inputs: given, timeout: request.getTimeout() });
    const response = new messages.CreateResponse();
    if (request.getPreview()) {
      response.setProperties(struct({ ...inputs, stamp: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }));
      return response;
    }
    await held(inputs);
    if (fails(inputs, "create")) throw fails(inputs, "create");
    const id = inputs.exclusive || !inputs.shape ? request.getName() : `${request.getName()}-${inputs.shape}`;
    const outputs = { ...inputs, stamp: (read(id) || { stamp: `made in ${request.getName()}` }).stamp, adopted: read(id) !== undefined };
    write(id, outputs);
    dies(inputs, "create");
    if (inputs.half) throw initFailed(id, { ...outputs, value: "half" }, `it is only half done${inputs.tells ? `: ${inputs.value}` : ""}`);
    response.setId(id);
    response.setProperties(struct(outputs));
    response.setRefreshBeforeUpdate(inputs.watched === true);
    return response;
  },
  async read(request) {
    log("Read", request, { id: request.getId(), hasInputs: request.hasInputs() });
    const response = new messages.ReadResponse();
    const thing = read(request.getId());
    if (!thing) return response;
    response.setId(request.getId());
    response.setProperties(struct(thing));
    response.setInputs(struct(Object.fromEntries(Object.entries(thing).filter(([key]) => key !== "stamp" && key !== "adopted"))));
    response.setRefreshBeforeUpdate(thing.watched === true);
    return response;
  },
  async update(request) {
    const inputs = plain(js(request.getNews()));
    log(request.getPreview() ? "Update(preview)" : "Update", request, { inputs: js(request.getNews()), olds: js(request.getOlds()), oldInputs: js(request.getOldInputs()) });
    const response = new messages.UpdateResponse();
    const outputs = { ...inputs, stamp: (read(request.getId()) || {}).stamp || "found" };
    response.setProperties(struct(outputs));
    response.setRefreshBeforeUpdate(inputs.watched === true);
    if (request.getPreview()) return response;
    await held(inputs);
    if (fails(inputs, "update")) throw fails(inputs, "update");
    write(request.getId(), outputs);
    dies(inputs, "update");
    if (inputs.half) throw initFailed(request.getId(), outputs, `it is only half done${inputs.tells ? `: ${inputs.value}` : ""}`);
    return response;
  },
  async delete(request) {
    log("Delete", request, { id: request.getId() });
    const inputs = plain(js(request.getOldInputs()));
    if (fails(inputs, "delete")) throw fails(inputs, "delete");
    fs.rmSync(file(request.getId()), { force: true });
    return new Empty();
  },
};

const unary = (handler) => (call, callback) => handler(call.request).then((answer) => callback(null, answer), (error) => callback(error, null, error.metadata));
const server = new grpc.Server();
server.addService(services.ResourceProviderService, Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, unary(handler)])));
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (_, port) => console.log(port));
