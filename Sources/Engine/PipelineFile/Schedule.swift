internal import RollcallCore
internal import RollcallValues

/// When a pipeline is meant to run.
public struct Schedule: Sendable {
    private enum Setting {
        static let cron = Field<String>(
            "cron",
            example: "\"*/15 8-20 * * 1-5\"",
            doc: "Five fields: minute, hour, day of the month, month, day of the week (0 or 7 is Sunday).",
            check: CronExpression.fault
        )
        static let timezone = Field<String>(
            "timezone",
            default: "UTC",
            example: "Europe/Athens",
            doc: "IANA name of the time zone that the fields are in.",
            check: { Zone($0) == nil ? "is no IANA time zone, such as Europe/Athens" : nil }
        )
    }

    static let fields = [Setting.cron.spec, Setting.timezone.spec]

    public let cron: String
    public let timezone: String

    init(_ node: ConfigurationNode) throws {
        let settings = try FieldGroup("schedule", Self.fields, help: "rollcall describe pipeline").settings(from: node)
        cron = try settings[Setting.cron]
        timezone = try settings[Setting.timezone]
    }
}

/// The rules of crontab(5) for the five fields of a schedule.
enum CronExpression {
    private static let fields: [(name: String, range: ClosedRange<Int>, words: [String])] = [
        ("minute", 0...59, []),
        ("hour", 0...23, []),
        ("day of the month", 1...31, []),
        ("month", 1...12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        ("day of the week", 0...7, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]

    /// Nil when the text is a schedule, else the end of the sentence "`cron` …".
    static func fault(_ text: String) -> String? {
        let parts = text.split(whereSeparator: \.isWhitespace)
        guard parts.count == fields.count else { return "must have five fields, got \(parts.count)" }
        for (part, field) in zip(parts, fields) {
            for item in part.split(separator: ",", omittingEmptySubsequences: false) where !isItem(item, field) {
                return
                    "has no valid \(field.name): \"\(item)\" (\(field.range.lowerBound) to \(field.range.upperBound))"
            }
        }
        return nil
    }

    private static func isItem(
        _ item: Substring,
        _ field: (name: String, range: ClosedRange<Int>, words: [String])
    ) -> Bool {
        let steps = item.split(separator: "/", omittingEmptySubsequences: false)
        guard steps.count <= 2, let range = steps.first else { return false }
        if steps.count == 2 {
            guard let step = Int(steps[1]), step > 0 else { return false }
        }
        if range == "*" { return true }
        let ends = range.split(separator: "-", omittingEmptySubsequences: false).map {
            number($0, field.range, field.words)
        }
        guard ends.count <= 2, let first = ends[0] else { return false }
        guard ends.count == 2 else { return steps.count == 1 }
        return ends[1].map { first <= $0 } ?? false
    }

    private static func number(_ text: Substring, _ range: ClosedRange<Int>, _ words: [String]) -> Int? {
        if let index = words.firstIndex(of: text.lowercased()) { return index + range.lowerBound }
        guard let number = Int(text), range.contains(number) else { return nil }
        return number
    }
}
