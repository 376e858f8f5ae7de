using Provisioner.Provider.Modelling;

namespace Provisioner.CommandProvider.Commands;

[Doc("Which of a command's outputs are shown while it runs. What is kept as outputs of the resource does not depend on it.")]
internal enum Logging
{
    [Doc("Show stdout, not stderr.")]
    Stdout,

    [Doc("Show stderr, not stdout.")]
    Stderr,

    [Doc("Show both.")]
    StdoutAndStderr,

    [Doc("Show nothing.")]
    None,
}
