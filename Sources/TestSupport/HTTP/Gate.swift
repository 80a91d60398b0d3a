internal import Dispatch

/// Holds back replies until the test opens it, once and for all.
public final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    public init() {}

    public func open() {
        semaphore.signal()
    }

    /// Blocks the server's thread for this connection.
    func pass() {
        semaphore.wait()
        semaphore.signal()
    }
}
