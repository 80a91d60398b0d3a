internal import CurlHTTP
internal import Foundation
internal import Synchronization

/// An export that can be downloaded.
private struct ContactExport: Decodable {
    let uri: String
    let exportTimestamp: String?

    /// Whether it is the one that was there before a new one was asked for.
    func isSame(as earlier: ContactExport?) -> Bool {
        guard let earlier else { return false }
        return exportTimestamp == earlier.exportTimestamp && (exportTimestamp != nil || uri == earlier.uri)
    }
}

extension GenesysClient {
    /// Redirects of a download: the service gives a signed address of its file store.
    private static let maximumRedirects = 3

    /// Has the service export the whole list as it is now, and hands over the file, whatever its size, while it arrives.
    ///
    /// `ContactExportReader` reads the contacts from its pieces. An export takes from seconds to many minutes, and as
    /// with every read, writes of the last seconds may be missing from it. An earlier export of the list, which the
    /// service goes on serving until the new one is ready, is told apart by its time; one that somebody else had begun just
    /// before cannot be.
    ///
    /// - Parameters:
    ///   - listID: the list's id, not its name.
    ///   - receive: takes the file piece by piece. It is called on the thread of all transfers, so no other request of this
    ///     client moves on until it returns; what it throws ends the download and is thrown here.
    /// - Throws: `GenesysError`. The download is repeated only if it failed before its first piece: with a failure after
    ///   that, start over with a new reader.
    public func exportContacts(
        listID: String,
        into receive: @escaping @Sendable (Span<UInt8>) throws -> Void
    ) async throws {
        let operation = "exporting the contacts of the list \(listID)"
        let path = "outbound/contactlists/\(APICall.pathSegment(listID))/export"
        let look = APICall(operation, path: path)
        let earlier = try await latestExport(look)
        _ = try await perform(APICall(operation, .post, path: path))
        let export = try await poll(operation) {
            let latest = try await latestExport(look)
            return latest.flatMap { $0.isSame(as: earlier) ? nil : $0 }
        }
        try await download(export.uri, operation: operation, receive)
    }

    /// The export that the service has, or nil if there is none, or none yet.
    private func latestExport(_ call: APICall) async throws -> ContactExport? {
        do {
            return try decode(
                ContactExport.self,
                from: await perform(call),
                operation: call.operation,
                expected: "the address of an export"
            )
        } catch let error as GenesysError where error.kind == .notFound && error.code != "contact.list.not.found" {
            return nil
        }
    }

    private func download(
        _ uri: String,
        operation: String,
        _ receive: @escaping @Sendable (Span<UInt8>) throws -> Void
    ) async throws {
        let url = uri.hasPrefix("/") ? configuration.endpoint.apiURL + uri : uri
        if configuration.endpoint.isAPI(url) {
            try await withToken { token in
                try await gate.enter(for: operation)
                return try await attempt(url, operation: operation, token, receive)
            }
        } else {
            // Another host: it is no business of the rate limit, and has no right to the token.
            try await retrier.run { try await attempt(url, operation: operation, nil, receive) }
        }
    }

    private func attempt(
        _ url: String,
        operation: String,
        _ token: AccessToken?,
        _ receive: @escaping @Sendable (Span<UInt8>) throws -> Void
    ) async throws -> Retrier.Attempt<Void> {
        var request = HTTPRequest(
            url: url,
            connectTimeout: configuration.connectTimeout,
            maximumRedirects: Self.maximumRedirects
        )
        // On a redirect to another host, libcurl leaves this field out.
        request.headers["Authorization"] = token.map { "Bearer \($0.value)" }
        let admission = token.map { _ in GateAdmission(gate) }
        let hasBegun = Flag()
        do {
            let answer = try await http.receive(request, stallTimeout: configuration.requestTimeout) { piece in
                // A long download must not hold a place in the rate limit's window until its end.
                admission?.leave(nil)
                hasBegun.set()
                try receive(piece)
            }
            admission?.leave(answer)
            guard let refusal = Refusal(answer, operation: operation) else { return .succeeded(()) }
            return .failed(refusal.error, refusal.remedy)
        } catch {
            admission?.leave(nil)
            guard let failure = error as? HTTPError else { throw error }
            let refusal = Refusal(failure, operation: operation)
            return .failed(refusal.error, hasBegun.isSet ? .none : refusal.remedy)
        }
    }
}

/// A request that the gate let start, and that must leave it exactly once.
private final class GateAdmission: Sendable {
    private let gate: PacingGate
    private let hasLeft = Flag()

    init(_ gate: PacingGate) {
        self.gate = gate
    }

    func leave(_ answer: HTTPResponse?) {
        if hasLeft.set() {
            gate.leave(answer)
        }
    }
}

/// Something that happens once.
private final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    /// True for the first call only.
    @discardableResult
    func set() -> Bool {
        !value.exchange(true, ordering: .acquiringAndReleasing)
    }
}

extension GenesysEndpoint {
    /// Whether the address is of the API's own host, which may see the token: same scheme, host and port.
    fileprivate func isAPI(_ url: String) -> Bool {
        guard let own = Self.origin(of: apiURL), let other = Self.origin(of: url) else { return false }
        return own == other
    }

    /// Nil for what is not plainly an address of HTTP: two parsers might not agree on its host.
    private static func origin(of url: String) -> [String]? {
        guard let parts = URLComponents(string: url, encodingInvalidCharacters: false), parts.user == nil,
            let scheme = parts.scheme?.lowercased(), let host = parts.host?.lowercased(),
            let defaultPort = ["http": 80, "https": 443][scheme]
        else { return nil }
        return [scheme, host, "\(parts.port ?? defaultPort)"]
    }
}
