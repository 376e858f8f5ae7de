# What makes this machine this machine, as far as Nix may know it: no secret, all of it ends in the world-readable store.
# host.json is filled in by hand; what in it differs from the stack's resources, NixosSystem names before it builds anything.
builtins.fromJSON (builtins.readFile ../host.json)
