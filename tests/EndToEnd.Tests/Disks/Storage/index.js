// Disks, one pool on all of them, and file systems, as the stack's config lists them: what a test changes between two ups.
const pulumi = require("@pulumi/pulumi");

class Resource extends pulumi.CustomResource {
  constructor(type, name, inputs, outputs) {
    super(`provisioner:index:${type}`, name, { ...Object.fromEntries(outputs.map((output) => [output, undefined])), ...inputs });
  }
}

const config = new pulumi.Config("lamp");
const consent = config.getObject("consent") ?? {};
const storage = config.requireObject("storage");
const device = new Resource("Device", "lamp", { address: config.require("address"), hostKey: config.require("hostKey") }, ["model"]).address;
const disks = storage.disks.map(
  ({ byId, serial }, index) => new Resource("Disk", `disk-${index}`, { device, byId, serial, espSizeMiB: 64, consent }, ["poolPartition"]),
);
const pool = new Resource("ZfsPool", "tank", { device, name: "tank", layout: storage.layout, devices: disks.map((disk) => disk.poolPartition), consent }, ["guid"]);
for (const { name, encrypted, ...inputs } of storage.datasets) {
  const encryption = encrypted ? { encryption: "on", key: config.requireSecret("datasetKey") } : {};
  new Resource("ZfsDataset", name, { device, pool: pool.name, poolGuid: pool.guid, name, consent, ...inputs, ...encryption }, ["guid"]);
}
