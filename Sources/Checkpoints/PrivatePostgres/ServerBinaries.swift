internal import Foundation

/// The programs of an installed Postgres server.
struct ServerBinaries: Sendable {
    let folder: String
    let majorVersion: Int

    func command(_ program: String, _ arguments: [String]) -> Command {
        Command(executable: "\(folder)/\(program)", arguments: arguments)
    }

    private static let programs = ["postgres", "initdb", "pg_ctl", "pg_isready"]

    /// Where to look.
    struct Search: Sendable {
        /// Folders as in the variable PATH.
        var path: String
        /// Folders that hold one folder per version, and where the programs are in that.
        var installations: [(parent: String, subfolder: String)]

        static var standard: Search {
            Search(
                path: ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
                installations: [
                    ("/usr/lib/postgresql", "bin"), ("/usr", "bin"), ("/opt/homebrew/opt", "bin"),
                    ("/usr/local/opt", "bin"),
                ]
            )
        }
    }

    /// The first server found in PATH, by `pg_config`, or among the installations, highest version first.
    ///
    /// With `majorVersion`, the first one of that version: a data folder can be read by no other.
    static func find(majorVersion: Int? = nil, search: Search = .standard) throws -> ServerBinaries {
        var found: [ServerBinaries] = []
        for folder in candidates(search) {
            guard let binaries = try ServerBinaries(at: folder) else { continue }
            guard let majorVersion, binaries.majorVersion != majorVersion else { return binaries }
            found.append(binaries)
        }
        let version = majorVersion.map { " of version \($0)" } ?? ""
        let others = found.map { "version \($0.majorVersion) in \($0.folder)" }
        throw CheckpointError(
            "no PostgreSQL server\(version) was found: looked for \(programs.joined(separator: ", ")) in "
                + "\(places(search).joined(separator: ", "))"
                + (others.isEmpty ? "" : "; found only \(others.joined(separator: ", "))"),
            hint: "install it (on Debian: apt-get install \(majorVersion.map { "postgresql-\($0)" } ?? "postgresql")), "
                + "or give Rollcall a database of your own in ROLLCALL_DATABASE_URL"
        )
    }

    /// `nil` where `folder` lacks one of the programs.
    private init?(at folder: String) throws {
        let programs = Self.programs.map { "\(folder)/\($0)" }
        guard programs.allSatisfy(FileManager.default.isExecutableFile) else { return nil }
        // `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`
        let answer = try Command(executable: programs[0], arguments: ["--version"]).run(in: "/")
        let words = answer.output.split(separator: " ")
        guard answer.succeeded, words.count >= 3, let major = Int(words[2].prefix(while: \.isNumber)) else {
            return nil
        }
        self.folder = folder
        majorVersion = major
    }

    private static func candidates(_ search: Search) -> [String] {
        let path = search.path.split(separator: ":").map(String.init)
        let configured = path.map { "\($0)/pg_config" }.first(where: FileManager.default.isExecutableFile)
            .flatMap { try? Command(executable: $0, arguments: ["--bindir"]).run(in: "/") }
            .map { $0.output.trimmingCharacters(in: .whitespacesAndNewlines) }
        let installed = search.installations.flatMap { installation in
            versions(in: installation.parent).map { "\(installation.parent)/\($0)/\(installation.subfolder)" }
        }
        var seen: Set<String> = []
        return (path + [configured].compactMap(\.self) + installed).filter { seen.insert($0).inserted }
    }

    /// Folders named like a version (`15`, `postgresql@15`, `pgsql-15`), the highest first.
    private static func versions(in parent: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        let versioned = names.compactMap { name -> (name: String, version: Double)? in
            guard let prefix = ["postgresql@", "pgsql-", ""].first(where: name.hasPrefix) else { return nil }
            return Double(name.dropFirst(prefix.count)).map { (name, $0) }
        }
        return versioned.sorted { $0.version > $1.version }.map(\.name)
    }

    private static func places(_ search: Search) -> [String] {
        ["PATH (\(search.path))", "pg_config --bindir"]
            + search.installations.map { "\($0.parent)/*/\($0.subfolder)" }
    }
}
