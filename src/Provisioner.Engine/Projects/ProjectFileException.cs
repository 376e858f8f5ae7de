namespace Provisioner.Engine.Projects;

/// <summary>A project or stack file that cannot be used as it is.</summary>
/// <param name="file">The file's absolute path.</param>
/// <param name="line">From 1; 0 where no line is to blame.</param>
/// <param name="column">From 1; 0 where no column is to blame.</param>
/// <param name="problem">What is wrong with which field, and the way out.</param>
public sealed class ProjectFileException(string file, long line, long column, string problem, Exception? innerException = null)
    : EngineException("project-file", $"{Position(file, line, column)}: {problem}", innerException)
{
    public string File { get; } = file;

    public long Line { get; } = line;

    public long Column { get; } = column;

    private static string Position(string file, long line, long column) =>
        line == 0 ? file : column == 0 ? $"{file}:{line}" : $"{file}:{line}:{column}";
}

/// <summary>Configuration that is missing, of the wrong type or not encrypted.</summary>
public sealed class ConfigurationException(string message, Exception? innerException = null)
    : EngineException("configuration", message, innerException);
