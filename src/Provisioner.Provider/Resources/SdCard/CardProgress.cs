using System.Globalization;
using Provisioner.Provider.Cards.Writing;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.SdCard;

/// <summary>Tells how far the writing is: phase, share, rate, and the time left.</summary>
internal sealed class CardProgress(IOperationContext context)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private string _phase = "";
    private long _began;
    private long _told;

    public void Tell(CardMoment moment)
    {
        lock (_lock)
        {
            var now = context.Time.GetTimestamp();
            if (moment.Phase != _phase)
            {
                (_phase, _began, _told) = (moment.Phase, now, 0);
            }

            if (_told == 0 || context.Time.GetElapsedTime(_told, now) >= Pause)
            {
                _told = now;
                context.Status(Text(moment, context.Time.GetElapsedTime(_began, now)));
            }
        }
    }

    /// <summary>Such as <c>1/3 writing: 42 %, 1260 MB, 38.5 MB/s, 45 s left</c>.</summary>
    internal static string Text(CardMoment moment, TimeSpan elapsed)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{moment.Number}/{moment.Of} {moment.Phase}");
        if (moment.Share is { } share)
        {
            text += string.Create(CultureInfo.InvariantCulture, $": {Math.Floor(share * 100):0} %");
        }

        text += string.Create(CultureInfo.InvariantCulture, $"{(moment.Share is null ? ": " : ", ")}{moment.Done / 1e6:0} MB");
        if (elapsed < TimeSpan.FromSeconds(1))
        {
            return text;
        }

        text += string.Create(CultureInfo.InvariantCulture, $", {moment.Done / 1e6 / elapsed.TotalSeconds:0.0} MB/s");
        return moment.Share is > 0 and < 1 and var known ? text + $", {Duration(elapsed * ((1 - known) / known))} left" : text;
    }

    private static string Duration(TimeSpan time) => time < TimeSpan.FromMinutes(2)
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):0} min");
}
