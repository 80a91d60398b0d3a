internal import CLibPQ

/// A message that the server sends beside an answer: `RAISE NOTICE`, a warning, a table that already exists.
///
/// Its text may quote rows where code in the database writes them into it.
public struct PostgresNotice: Sendable {
    /// `DEBUG`, `LOG`, `INFO`, `NOTICE` or `WARNING`, whatever language the server speaks.
    public let severity: String
    public let message: String
    public let sqlState: SQLState?
    public let hint: String?
}

/// What libpq's notice receiver is given, so that a C function can call a Swift closure.
@safe
final class NoticeReceiver {
    private let handler: (@Sendable (PostgresNotice) -> Void)?

    init(_ handler: (@Sendable (PostgresNotice) -> Void)?) {
        self.handler = handler
    }

    /// Takes over the connection's notices, which libpq would print to stderr.
    ///
    /// The receiver must outlive the connection.
    func attach(to connection: OpaquePointer) {
        let receive: PQnoticeReceiver = { context, result in
            guard let context = unsafe context, let result = unsafe result else { return }
            // SAFETY: the context is the receiver below, which its session keeps alive as long as the connection.
            unsafe Unmanaged<NoticeReceiver>.fromOpaque(context).takeUnretainedValue().receive(result)
        }
        _ = unsafe PQsetNoticeReceiver(connection, receive, Unmanaged.passUnretained(self).toOpaque())
    }

    private func receive(_ result: OpaquePointer) {
        handler?(
            PostgresNotice(
                severity: unsafe ResultHandle.diagnostic(.severity, of: result) ?? "NOTICE",
                message: unsafe ResultHandle.diagnostic(.message, of: result) ?? "",
                sqlState: unsafe ResultHandle.diagnostic(.sqlState, of: result).map(SQLState.init(rawValue:)),
                hint: unsafe ResultHandle.diagnostic(.hint, of: result)
            )
        )
    }
}
