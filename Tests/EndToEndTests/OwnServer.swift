import Foundation
import PostgresClient
import Testing

/// A Postgres server of a test's own, in a folder below /tmp, to be treated as servers are on bad days.
struct OwnServer {
    /// How `pg_ctl` takes a server down before it starts it again.
    enum Restart: String, CaseIterable {
        /// Sessions are told, their transactions rolled back.
        case fast
        /// As a crash: nothing is written any more, and the start recovers from the log.
        case immediate
    }

    /// What of the server is on a small disk of its own, which only root can mount.
    enum SmallDisk {
        case tablespace
        case dataFolder
    }

    /// The server's first database.
    let configuration: PostgresConfiguration
    private let folder: String
    /// Where the small disk is mounted.
    private let disk: String

    /// Starts a server, lets `body` use it, and leaves nothing of it behind.
    static func with(_ disk: SmallDisk? = nil, _ body: (OwnServer) async throws -> Void) async throws {
        let server = try OwnServer(disk)
        let outcome: Result<Void, any Error>
        do {
            try await server.start(disk)
            outcome = .success(try await body(server))
        } catch {
            outcome = .failure(error)
        }
        try await server.remove()
        try outcome.get()
    }

    private init(_ disk: SmallDisk?) throws {
        folder = "/tmp/rollcall-server-\(UInt32.random(in: 0...(.max)))"
        self.disk = "\(folder)/\(disk == .dataFolder ? "postgres" : "disk")"
        configuration = try PostgresConfiguration("host=\(folder)/postgres user=crm dbname=postgres")
    }

    private func start(_ disk: SmallDisk?) async throws {
        if let disk {
            // Room for what the server is made with, and not for much more.
            let size = disk == .dataFolder ? "96m" : "16m"
            try await shell(#"mkdir -p "$disk"; mount -t tmpfs -o size=\#(size) tmpfs "$disk"; chown postgres "$disk""#)
        }
        try await shell(#"start_postgres "$folder""#)
    }

    private func remove() async throws {
        try await shell(
            """
            [[ ! -e $postgres_folder/data/postmaster.pid ]] || pg_ctl stop --mode immediate || true
            ! mountpoint --quiet "$disk" || umount --lazy "$disk"
            rm -rf "$folder"
            """
        )
    }

    /// Restarts the server, or starts one that is down, and waits until it takes connections.
    func restart(_ mode: Restart) async throws {
        try await shell("pg_ctl restart --wait --mode \(mode.rawValue)")
    }

    /// A new database on the small disk, whose log and all else are elsewhere.
    func databaseOnSmallDisk() async throws -> PostgresConfiguration {
        let administration = try await PostgresConnection.connect(configuration)
        try await administration.query("CREATE TABLESPACE small LOCATION '\(disk)'")
        try await administration.query("CREATE DATABASE state TABLESPACE small")
        await administration.close()
        return configuration.with(["dbname": "state"])
    }

    /// Writes a file until nothing more fits on the small disk.
    func fillDisk() async throws {
        try await shell(#"! cat /dev/zero >"$disk/filler" 2>/dev/null"#)
    }

    /// Deletes that file.
    func makeRoom() async throws {
        try await shell(#"rm "$disk/filler""#)
    }

    /// Runs a script of bash beside the functions of `scripts/postgres.sh`.
    ///
    /// In a subshell without the files of this process: Foundation takes bash for running as long as a daemon that it started
    /// holds a certain one open.
    private func shell(_ script: String) async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let preface = """
            for file in /proc/self/fd/*; do (( ${file##*/} <= 2 )) || eval "exec ${file##*/}>&-"; done
            set -euo pipefail
            source \(Workbench.repository.path)/scripts/postgres.sh
            folder=$1 disk=$2 postgres_folder=$1/postgres
            pg_ctl() (cd / && as_postgres "$(postgres_bin)/pg_ctl" -D "$postgres_folder/data" -l "$postgres_folder/log" "$@" >/dev/null)
            """
        process.arguments = ["bash", "-c", "(\(preface)\n\(script)\n)", "bash", folder, disk]
        process.standardInput = FileHandle.nullDevice
        let (ends, end) = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in end.finish() }
        try process.run()
        for await _ in ends {}
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(script)")
    }
}
