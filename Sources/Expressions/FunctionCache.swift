internal import RollcallValues

/// What functions made of their arguments, for the next row: patterns, formats and zones by their text.
final class FunctionCache {
    private struct PatternName: Hashable {
        let text: String
        let flags: String
    }

    private var patterns: [PatternName: TextPattern] = [:]
    private var formats: [String: DateFormat] = [:]
    private var zones: [String: Zone] = [:]

    /// Where arguments come from columns there may be any number of them.
    private static let mostEntries = 256

    func pattern(_ text: String, flags: String) throws(TextPattern.Fault) -> TextPattern {
        let name = PatternName(text: text, flags: flags)
        if let pattern = patterns[name] { return pattern }
        let pattern = try TextPattern(text, flags: flags)
        if patterns.count == Self.mostEntries { patterns = [:] }
        patterns[name] = pattern
        return pattern
    }

    func format(_ text: String) throws(DateFormat.Fault) -> DateFormat {
        if let format = formats[text] { return format }
        let format = try DateFormat(text)
        if formats.count == Self.mostEntries { formats = [:] }
        formats[text] = format
        return format
    }

    /// Nil where there is no zone of this name.
    func zone(_ name: String) -> Zone? {
        if let zone = zones[name] { return zone }
        guard let zone = Zone(name) else { return nil }
        if zones.count == Self.mostEntries { zones = [:] }
        zones[name] = zone
        return zone
    }
}
