/// How a destination and its source compare; ids and counts, nothing of a person.
public struct ReconcileReport: Sendable {
    /// A contact of one kind, for a person to look at.
    public struct Example: Sendable, Hashable {
        /// What it is an example of.
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            /// A row of the source has no contact.
            case missing
            /// No row of the source makes the contact.
            case extra
            /// The contact has another content than its row.
            case different
        }

        public let kind: Kind
        public let id: String
        /// Who is behind it, as far as the ledger tells.
        public let cause: Cause
        /// The columns that differ; nil where the contact was not looked at twice.
        public let columns: [String]?
    }

    /// Who is behind a difference.
    public enum Cause: String, Sendable, Hashable, CaseIterable {
        /// Somebody has changed, deleted or added the contact at the destination.
        case list
        /// The row was changed, added or taken away in the source; the next run that reads it deals with it.
        case source
        /// Both, or the ledger does not know: it does not know the contact, or its last delivery was interrupted.
        case unknown
    }

    /// Contacts at the destination, whoever put them there.
    public var contacts = 0
    /// Of them, those that nobody is called for.
    public var uncallable = 0

    /// Rows of the source.
    public var read = 0
    /// Rows that a `filter` left out.
    public var filtered = 0
    /// Rows that Rollcall refuses before anything is sent, or could not read.
    public var invalid = 0
    /// Of them, those of which nobody knows whose they are: a repair removes no contact then.
    public var unidentified = 0
    /// Rows with the id of a later row.
    public var duplicate = 0
    /// Rows that the destination refused just as they are.
    public var rejected = 0

    /// Rows whose contact has their content.
    public var matched = 0
    /// Contacts whose row has left, and that stay as Rollcall has left them on purpose.
    public var departed = 0
    public var missing: [Cause: Int] = [:]
    public var different: [Cause: Int] = [:]
    /// Contacts that no row makes, of which the ledger knows that Rollcall put them there.
    public var extraKnown = 0
    /// And of which it does not.
    public var extraUnknown = 0
    /// Of the missing and different ones, those whose last delivery was interrupted.
    public var inDoubt = 0

    /// How often a column differs, of the contacts that were looked at twice, the most frequent first.
    public var columns: [(name: String, count: Int)] = []
    /// How many contacts were looked at twice for that.
    public var contactsWithColumns = 0

    /// As many of each kind as were asked for.
    public var examples: [Example] = []
    /// What `repair` would do.
    public var plan = RepairPlan()

    public init() {}

    public var missingCount: Int { missing.values.reduce(0, +) }
    public var differentCount: Int { different.values.reduce(0, +) }
    public var extraCount: Int { extraKnown + extraUnknown }
    /// Rows and contacts that cannot be compared.
    public var notComparable: Int { invalid + duplicate + rejected }
    /// Contacts that are not as Rollcall has delivered them, although their rows have not changed.
    public var ledgerDisagrees: Int { missing[.list, default: 0] + different[.list, default: 0] }

    /// Whether the destination has the content of every row that can be compared, and nothing else.
    public var isEqual: Bool { missingCount + extraCount + differentCount == 0 }

    /// Whether every row that was read is accounted for.
    var holds: Bool {
        read == filtered + invalid + duplicate + rejected + matched + missingCount + differentCount
    }
}

/// What a repair does.
public struct RepairPlan: Sendable, Hashable {
    /// Contacts to send: those that are missing or different.
    public var sent = 0
    /// Contacts to remove by `on_missing`.
    public var removed = 0
    /// Contacts that no row makes, and that stay because `on_missing` is `keep`.
    public var kept = 0

    public init() {}

    public var isEmpty: Bool { sent == 0 && removed == 0 }
}
