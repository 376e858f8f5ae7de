namespace Provisioner.Cli.Terminal;

/// <summary>What a piece of text means; how that looks is the writer's business.</summary>
internal enum Tone
{
    Normal,
    Faint,
    Bold,
    Heading,
    Resource,
    Create,
    Update,
    Delete,
    Replace,
    Read,
    Error,
    Warning,
    Note,
}
