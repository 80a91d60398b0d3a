/// Where the body of an answer goes that is too large to be kept.
struct Download: Sendable {
    /// How long the server may send nothing at all.
    let stallTimeout: Duration
    /// Takes the body of a success piece by piece, on the transfer thread; what it throws ends the transfer.
    let receive: @Sendable (Span<UInt8>) throws -> Void
}
