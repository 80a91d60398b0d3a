import CurlHTTP
import Foundation
import Testing

@Suite struct TLSTests {
    @Test func aSelfSignedCertificateIsRefused() async throws {
        let server = try await TLSServer(certificateFor: "127.0.0.1")
        let client = try HTTPClient()
        let error = try await failure { try await client.send(HTTPRequest(url: server.url)) }
        #expect(error.code == .certificateRefused)
        #expect(!error.requestMayHaveBeenSent)
    }

    @Test func theSameCertificateIsAcceptedOnceItIsTrusted() async throws {
        let server = try await TLSServer(certificateFor: "127.0.0.1")
        let client = try HTTPClient(configuration: .init(certificateAuthorities: server.certificate.path))
        let answer = try await client.send(HTTPRequest(url: server.url))
        #expect(answer.status == 200)
    }

    @Test func aCertificateForAnotherHostIsRefused() async throws {
        let server = try await TLSServer(certificateFor: "10.0.0.1")
        let client = try HTTPClient(configuration: .init(certificateAuthorities: server.certificate.path))
        let error = try await failure { try await client.send(HTTPRequest(url: server.url)) }
        #expect(error.code == .certificateRefused)
        #expect(!error.requestMayHaveBeenSent)
    }
}

/// `openssl s_server` with a certificate made for the test.
private final class TLSServer {
    let certificate: URL
    private(set) var url = ""
    private let folder: URL
    private let process = Process()

    init(certificateFor address: String) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appending(path: "certificate.pem")
        let key = folder.appending(path: "key.pem")
        let maker = Self.openssl(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=test",
            "-addext",
            "subjectAltName=IP:\(address)",
            "-keyout",
            key.path,
            "-out",
            certificate.path
        )
        maker.standardError = FileHandle.nullDevice
        try maker.run()
        maker.waitUntilExit()
        try #require(maker.terminationStatus == 0)

        let output = Pipe()
        process.executableURL = maker.executableURL
        process.arguments = [
            "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", certificate.path, "-key", key.path,
        ]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        // Among the first lines is "ACCEPT 127.0.0.1:<port>".
        var lines = ""
        while !(lines.hasSuffix("\n") && lines.contains("ACCEPT ")) {
            let byte = try #require(try output.fileHandleForReading.read(upToCount: 1), "openssl ended early")
            lines += String(decoding: byte, as: UTF8.self)
        }
        let port = try #require(lines.split(separator: ":").last?.dropLast())
        url = "https://127.0.0.1:\(port)/"
    }

    deinit {
        // It may have inherited from a thread of the tests that other signals are blocked.
        kill(process.processIdentifier, SIGKILL)
        try? FileManager.default.removeItem(at: folder)
    }

    private static func openssl(_ arguments: String...) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        return process
    }
}
