// A provider just as the Node SDK's own provider module makes it: no handshake, no previews, no configuration calls.
const provider = require("@pulumi/pulumi/provider");

provider.main({
  version: "0.0.1",
  async check(urn, olds, news) {
    return { inputs: news };
  },
  async diff(id, urn, olds, news) {
    return { changes: olds.text !== news.text, replaces: olds.kind !== news.kind ? ["kind"] : [] };
  },
  async create(urn, inputs) {
    return { id: urn.split("::").pop(), outs: { ...inputs, length: `${inputs.text}`.length } };
  },
  async update(id, urn, olds, news) {
    return { outs: { ...news, length: `${news.text}`.length } };
  },
  async delete() {},
}, process.argv.slice(2));
