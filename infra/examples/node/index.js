// Any of Pulumi's languages will do: a resource is its type's token and its inputs. `pulumi package add` makes classes out of
// what `./provision schema` prints.
const pulumi = require("@pulumi/pulumi");

class Resource extends pulumi.CustomResource {
  constructor(type, name, inputs, outputs, options) {
    super(`provisioner:index:${type}`, name, { ...Object.fromEntries(outputs.map((output) => [output, undefined])), ...inputs }, options);
  }
}

const config = new pulumi.Config();
const identity = new Resource("HostIdentity", "lamp", { hostname: "lamp" }, ["fingerprint"]);
const device = new Resource("Device", "lamp", { address: config.require("address"), hostKey: identity.fingerprint }, ["model"]);
const wifi = new Resource(
  "WifiProfile",
  "lamp",
  { device: device.address, ssid: config.require("wifiName"), password: config.requireSecret("wifiPassword") },
  ["connectedThrough"],
);

exports.fingerprint = identity.fingerprint;
exports.connectedThrough = wifi.connectedThrough;
