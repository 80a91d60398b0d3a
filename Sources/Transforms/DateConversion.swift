internal import RollcallCore
internal import RollcallValues

/// What the step `date` does to a value.
struct DateConversion: Sendable {
    enum Target {
        case date
        case timestamp
        case pattern(DatePattern)

        var type: LogicalType {
            switch self {
            case .date: .date
            case .timestamp: .timestamp
            case .pattern: .text
            }
        }
    }

    let formats: [DateFormat]
    /// Of values without an offset.
    let zone: Zone
    let target: Target
    /// Nil shows timestamps in UTC, and all else as it is written.
    let targetZone: Zone?

    func rewrite(_ value: Span<UInt8>, into arena: inout [UInt8]) -> Rewriting {
        let trimmed = value.trimmedRange
        guard !trimmed.isEmpty else { return .null }
        let text = value.extracting(trimmed)
        for format in formats {
            guard let moment = format.parse(text) else { continue }
            return append(moment, to: &arena)
        }
        return .refused(Refusal(code: "date_invalid", reason: "is no date in any of the formats"))
    }

    private func append(_ written: CivilMoment, to arena: inout [UInt8]) -> Rewriting {
        var moment = written.placed(in: zone)
        switch target {
        case .timestamp: moment = moment.moved(to: targetZone ?? .utc)
        case .date, .pattern:
            if let targetZone, written.hasTime { moment = moment.moved(to: targetZone) }
        }
        guard moment.isInRange else {
            return .refused(Refusal(code: "date_invalid", reason: "is a date before the year 1 or after 9999"))
        }
        switch target {
        case .date: moment.appendDate(to: &arena)
        case .timestamp: moment.appendTimestamp(to: &arena)
        case .pattern(let pattern): pattern.append(moment, to: &arena)
        }
        return .replaced
    }
}
