/// What the ledger knows of one contact.
public enum LedgerEntry {
    /// How the contact stands.
    public enum State: UInt8, Sendable, Hashable, CaseIterable {
        /// On the list, for a row of the source.
        case current
        /// On the list, but its row has left the source or no longer passes the transforms.
        case leaving
        /// As `leaving`, and its deletion was asked for; whether it took place is not known.
        case deleting
        /// As `deleting`, and Rollcall had made it uncallable.
        case deletingSilenced
        /// As `leaving`, and it was to be made uncallable; whether that took place is not known.
        case silencing
        /// Was made uncallable when its row had left, the row is back, and whether the contact is callable again is not known.
        case returning
        /// Its row has left, and Rollcall has made it uncallable.
        case silenced
        /// Its row has left, and it was uncallable already, for a reason that is not Rollcall's.
        case parted
        /// Not on the list any more.
        case removed

        /// Whether what was delivered last is on the list as it was.
        public var isUntouched: Bool {
            switch self {
            case .current, .leaving, .parted: true
            case .deleting, .deletingSilenced, .silencing, .returning, .silenced, .removed: false
            }
        }

        /// Whether Rollcall has made the contact uncallable, or may have.
        public var isSilenced: Bool {
            switch self {
            case .deletingSilenced, .silencing, .returning, .silenced: true
            case .current, .leaving, .deleting, .parted, .removed: false
            }
        }
    }
}
