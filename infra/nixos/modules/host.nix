# What makes this machine this machine, as far as Nix may know it: no secret, all of it ends in the world-readable store.
# NixosSystem writes host.json from the stack's resources; who builds by hand fills it in.
builtins.fromJSON (builtins.readFile ../host.json)
