internal import Foundation

/// A time zone with all its changes, such as those to summer time and back.
public struct Zone: Sendable {
    public static let utc = Zone(TimeZone.gmt)

    private let zone: TimeZone

    private init(_ zone: TimeZone) {
        self.zone = zone
    }

    /// The zone with this name in the IANA database, such as `Europe/Athens`, or `UTC` or `GMT`; nil where there is none.
    ///
    /// Foundation has others, too: abbreviations, of which `BST` is the time of Bangladesh and not of Britain, offsets such as
    /// `GMT+3`, and names that the database has given up or never had.
    public init?(_ name: String) {
        let isPlaceOrUTC = name.contains("/") || name == "UTC" || name == "GMT"
        let isForeign = name.hasPrefix("SystemV/") || ["US/Pacific-New", "Etc/Unknown"].contains(name)
        guard isPlaceOrUTC, !isForeign, let zone = TimeZone(identifier: name) else { return nil }
        self.zone = zone
    }

    /// Seconds east of UTC, so many seconds after 1970.
    func offset(at seconds: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
    }

    /// Seconds east of UTC when the zone's clocks show so many seconds since 1970.
    ///
    /// What they show twice, when they are set back, counts the first time. What they never show, when they are set forward, is
    /// read with the offset from before: half past two, where two becomes three, is half past three.
    func offset(showing shown: Int) -> Int {
        // No zone changes twice within two days.
        let before = offset(at: shown - Self.oneDay)
        if offset(at: shown - before) == before { return before }
        let after = offset(at: shown + Self.oneDay)
        return offset(at: shown - after) == after ? after : before
    }

    private static let oneDay = 86_400
}
