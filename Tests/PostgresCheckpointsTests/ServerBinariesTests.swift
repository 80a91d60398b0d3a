import Foundation
import Testing

@testable import PostgresCheckpoints

struct ServerBinariesTests {
    /// Makes shell scripts that answer `--version` as a server of `version` would.
    private func install(version: String, in folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for program in ["postgres", "initdb", "pg_ctl", "pg_isready"] {
            let path = "\(folder)/\(program)"
            try "#!/bin/sh\necho 'postgres (PostgreSQL) \(version) (Debian)'\n"
                .write(toFile: path, atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
    }

    private func withInstallations(_ versions: [String], _ body: (String) throws -> Void) throws {
        let root = "/tmp/rollcall-test-binaries-\(UInt64.random(in: 0...(.max)))"
        defer { try? FileManager.default.removeItem(atPath: root) }
        for version in versions { try install(version: "\(version).3", in: "\(root)/lib/\(version)/bin") }
        try body(root)
    }

    @Test func theHighestVersionIsTakenByNumber() throws {
        try withInstallations(["9", "15", "17"]) { root in
            let search = ServerBinaries.Search(path: "\(root)/empty", installations: [("\(root)/lib", "bin")])
            let binaries = try ServerBinaries.find(search: search)
            #expect(binaries.majorVersion == 17)
        }
    }

    @Test func theVersionOfTheDataDecides() throws {
        try withInstallations(["15", "17"]) { root in
            let search = ServerBinaries.Search(path: "\(root)/lib/17/bin", installations: [("\(root)/lib", "bin")])
            let binaries = try ServerBinaries.find(majorVersion: 15, search: search)
            #expect(binaries.majorVersion == 15)
            #expect(binaries.folder == "\(root)/lib/15/bin")
        }
    }

    @Test func whatIsInThePathComesFirst() throws {
        try withInstallations(["15", "17"]) { root in
            let search = ServerBinaries.Search(path: "\(root)/lib/15/bin", installations: [("\(root)/lib", "bin")])
            let binaries = try ServerBinaries.find(search: search)
            #expect(binaries.majorVersion == 15)
        }
    }

    @Test func missingProgramsAreReportedWithThePlacesLookedAtAndTheWayOut() throws {
        let search = ServerBinaries.Search(path: "/nonexistent/bin", installations: [("/nonexistent/lib", "bin")])
        let error = #expect(throws: CheckpointError.self) { try ServerBinaries.find(search: search) }
        #expect(
            error?.description == """
                no PostgreSQL server was found: looked for postgres, initdb, pg_ctl, pg_isready in PATH (/nonexistent/bin), \
                pg_config --bindir, /nonexistent/lib/*/bin
                  hint: install it (on Debian: apt-get install postgresql), or give Rollcall a database of your own in \
                ROLLCALL_DATABASE_URL
                """
        )
    }
}
