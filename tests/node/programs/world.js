// The resources of the test providers, as a program on the Node SDK has them.
const pulumi = require("@pulumi/pulumi");

class Thing extends pulumi.CustomResource {
  constructor(name, args, opts) {
    super("world:index:Thing", name, { stamp: undefined, adopted: undefined, unit: undefined, value: undefined, ...args }, opts);
  }

  static get(name, id) {
    return new Thing(name, {}, { id });
  }
}

class Group extends pulumi.ComponentResource {
  constructor(name, opts) {
    super("world:index:Group", name, {}, opts);
  }
}

class World extends pulumi.ProviderResource {
  constructor(name, args, opts) {
    super("world", name, args, opts);
  }
}

class Plain extends pulumi.CustomResource {
  constructor(name, args, opts) {
    super("plain:index:Plain", name, { length: undefined, ...args }, opts);
  }
}

module.exports = { pulumi, Thing, Group, World, Plain };
