import Foundation
import Glibc
import RollcallCore
import RollcallTestSupport
import Testing

@testable import PostgresSource

/// TLS is as libpq has it; what cannot work is said before the first row.
@Suite struct TLSTests {
    @Test(arguments: [
        ("N", "sslmode=require", "does not support SSL"),
        ("S", "sslmode=verify-full&sslrootcert=/nonexistent/root.pem", "root certificate file \"/nonexistent/root"),
        ("S", "sslmode=require&sslcert=/etc/passwd&sslkey=/etc/passwd", "could not read certificate file"),
    ])
    func whatIsMissingIsSaidBeforeTheFirstRow(_ answer: String, _ parameters: String, _ reason: String) async throws {
        let server = try TalkOfTLS(answer: answer)
        let url = "postgres://reader@127.0.0.1:\(server.port)/crm?\(parameters)&gssencmode=disable"
        let node: ConfigurationNode = ["url": .init(stringLiteral: url), "table": "leads", "key": ["id"]]
        let source = try PostgresSource(PostgresSource.spec.settings(from: node))
        let error = await #expect(throws: RollcallError.self) { _ = try await source.open(after: nil) }
        #expect(error?.disposition == .preflight)
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
        #expect(error?.description.contains("`sslrootcert`") == true, "\(String(describing: error))")
    }
}

/// A server that answers a client's question for TLS with one letter, and then hangs up.
private final class TalkOfTLS: Sendable {
    let port: Int

    init(answer: String) throws {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isReady = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(listener, address, size) == 0 && listen(listener, 8) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        try #require(isReady)
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread {
            let client = accept(listener, nil, nil)
            var question = [UInt8](repeating: 0, count: 8)
            _ = unsafe recv(client, &question, question.count, 0)
            _ = unsafe send(client, answer, 1, CInt(MSG_NOSIGNAL))
            close(client)
            close(listener)
        }
    }
}
