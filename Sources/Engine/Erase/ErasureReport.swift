/// What was found of people who were to be erased, and what is left.
public struct ErasureReport: Sendable, Hashable {
    /// Somebody with one key in the source.
    public struct Person: Sendable, Hashable {
        /// The key's name, as in rejects.
        public let key: String
        /// The ids that the contact has, or would have, at the destination.
        public internal(set) var ids: [String] = []

        public internal(set) var wasAtDestination = false
        /// After the deletion; a destination may hold on to a contact that is in use.
        public internal(set) var isAtDestination = false
        public internal(set) var wasInLedger = false
        public internal(set) var isInLedger = false
        public internal(set) var wasRefused = false
        public internal(set) var isRefused = false
        /// Whether the checkpoint is the place behind this very row.
        public internal(set) var isInCheckpoint = false

        /// Whether the source has the row; nil where it cannot be asked.
        public internal(set) var isInSource: Bool?
        /// Whether the row comes through the transforms, so that a run would deliver it again.
        public internal(set) var returns = false

        init(key: String) {
            self.key = key
        }

        /// Whether neither the destination nor the state has anything of them.
        public var isGone: Bool { !isAtDestination && !isInLedger && !isRefused && !isInCheckpoint }

        /// Whether there was anything of them at all.
        public var wasKnown: Bool { wasAtDestination || wasInLedger || wasRefused }
    }

    public internal(set) var people: [Person]

    public var isComplete: Bool { people.allSatisfy(\.isGone) }
}
