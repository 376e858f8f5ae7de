using System.Reflection;
using Newtonsoft.Json.Linq;
using Pulumi;
using Pulumi.Command.Remote.Inputs;
using LocalClasses = Pulumi.Command.Local;
using RemoteClasses = Pulumi.Command.Remote;

namespace Provisioner.Provider.Tests.Commands;

/// <summary>The classes that programs use say the same as the provider's schema.</summary>
public sealed class TypedClassesTests
{
    [Theory]
    [InlineData("resources['command:local:Command'].inputProperties", typeof(LocalClasses.CommandArgs))]
    [InlineData("resources['command:remote:Command'].inputProperties", typeof(RemoteClasses.CommandArgs))]
    [InlineData("resources['command:remote:CopyToRemote'].inputProperties", typeof(RemoteClasses.CopyToRemoteArgs))]
    [InlineData("functions['command:local:run'].inputs.properties", typeof(LocalClasses.RunArgs))]
    [InlineData("functions['command:local:run'].inputs.properties", typeof(LocalClasses.RunInvokeArgs))]
    [InlineData("types['command:remote:Connection'].properties", typeof(ConnectionArgs))]
    [InlineData("types['command:remote:ProxyConnection'].properties", typeof(ProxyConnectionArgs))]
    public async Task Inputs_are_the_providers(string path, Type args)
    {
        const BindingFlags everywhere = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var inputs = args.GetFields(everywhere).Cast<MemberInfo>().Concat(args.GetProperties(everywhere)).SelectMany(member => member.CustomAttributes)
            .Where(attribute => attribute.AttributeType == typeof(InputAttribute))
            .Select(attribute => (string)attribute.ConstructorArguments[0].Value!);

        inputs.ShouldBe(await NamesAsync(path), ignoreOrder: true);
    }

    [Theory]
    [InlineData("resources['command:local:Command'].properties", typeof(LocalClasses.Command))]
    [InlineData("resources['command:remote:Command'].properties", typeof(RemoteClasses.Command))]
    [InlineData("resources['command:remote:CopyToRemote'].properties", typeof(RemoteClasses.CopyToRemote))]
    public async Task Outputs_are_the_providers(string path, Type resource)
    {
        var outputs = resource.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).Select(property => property.GetCustomAttribute<OutputAttribute>()!.Name);

        outputs.ShouldBe(await NamesAsync(path), ignoreOrder: true);
    }

    [Theory]
    [InlineData("functions['command:local:run'].outputs.properties", typeof(LocalClasses.RunResult))]
    [InlineData("types['command:remote:Connection'].properties", typeof(RemoteClasses.Outputs.Connection))]
    [InlineData("types['command:remote:ProxyConnection'].properties", typeof(RemoteClasses.Outputs.ProxyConnection))]
    public async Task Answers_are_the_providers(string path, Type answer)
    {
        var parameters = answer.GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic).Single().GetParameters().Select(parameter => parameter.Name);

        parameters.ShouldBe(await NamesAsync(path), ignoreOrder: true);
    }

    private static async Task<IEnumerable<string>> NamesAsync(string path)
    {
        await using var plugin = await CommandPlugin.StartAsync();
        var schema = JObject.Parse((await plugin.Client.GetSchemaAsync(new())).Schema);
        return ((JObject)schema.SelectToken(path)!).Properties().Select(property => property.Name);
    }
}
