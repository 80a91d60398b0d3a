internal import Glibc
package import RollcallCore

/// Which files a source reads: one path, a pattern of the shell (`drop/*.csv.gz`), or `-` for standard input.
package struct FilePattern: Sendable {
    private let text: String
    /// What stands before it where it is meant from a folder, up to the slash.
    private let folder: String
    /// Where it is written; nil where it is in no file.
    private let location: SourceLocation?

    package init(_ text: String, from folder: String = "", at location: SourceLocation? = nil) {
        self.text = text
        self.folder = folder
        self.location = location
    }

    package var isStandardInput: Bool { text == "-" }

    /// The files that are there now, in the order of their names' bytes; folders and hidden files are not looked for.
    ///
    /// - Throws: a preflight error where there is none, and where there may be some that cannot be seen.
    package func files() throws -> [InputFile] {
        if isStandardInput { return [.standardInput] }
        // A name that is there is meant, whatever stands in it.
        let path = folder + text
        if isFolder(path) == false { return [file(path)] }
        try checkFolders()
        let files = try matches(of: path).filter { try !isSeenFolder($0) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard files.isEmpty else { return files.map(file) }
        guard isFolder(path) != true else {
            let hint = "name its files, as in `path: \(text)/*`"
            throw RollcallError(.preflight, "\(text) is a folder", hint: hint, at: location)
        }
        throw RollcallError(
            .preflight,
            Self.isPattern(text) ? "no file matches `path: \(text)`" : "\(text): no such file",
            hint: "a path that does not begin with / is meant from the folder of the pipeline file",
            at: location
        )
    }

    private func file(_ path: String) -> InputFile {
        InputFile(path: path, name: String(path.dropFirst(folder.count)))
    }

    private static func isPattern(_ text: String) -> Bool { text.contains { "*?[".contains($0) } }

    /// Looks at the folders that a pattern goes through: what is in one that may not be searched is found nowhere, without a word.
    private func checkFolders() throws {
        var parent = folder
        for part in text.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
            parent += "\(part)/"
            guard Self.isPattern(String(parent.dropFirst(folder.count))) else { continue }
            for path in try matches(of: String(parent.dropLast())) where try isSeenFolder(path) {
                guard unsafe access(path, X_OK) == 0 else { throw unseen(path) }
            }
        }
    }

    /// - Throws: a preflight error for what is there and cannot be looked at.
    private func isSeenFolder(_ path: String) throws -> Bool {
        guard let isFolder = isFolder(path) else {
            throw RollcallError(
                .preflight,
                "\(path) is there and cannot be looked at",
                hint: "it may be a link to what is not there; mend it, or take it away: its rows would count as gone",
                at: location
            )
        }
        return isFolder
    }

    private func unseen(_ folder: String) -> RollcallError {
        RollcallError(
            .preflight,
            "\(folder) cannot be looked through for `path: \(text)`",
            hint:
                "let the user of Rollcall read and search the folder: rows of files that are not seen would count as gone",
            at: location
        )
    }

    private func matches(of pattern: String) throws -> [String] {
        var found = unsafe glob_t()
        defer { unsafe globfree(&found) }
        // A folder that is not there has no files; one that cannot be read may have some.
        let status = unsafe glob(pattern, GLOB_NOSORT, { _, code in code == ENOENT || code == ENOTDIR ? 0 : 1 }, &found)
        guard status == 0 || status == GLOB_NOMATCH else {
            throw unseen(pattern.lastIndex(of: "/").map { String(pattern[..<$0]) } ?? ".")
        }
        guard status == 0 else { return [] }
        let paths = unsafe UnsafeBufferPointer(start: found.gl_pathv, count: Int(found.gl_pathc))
        return unsafe paths.compactMap { unsafe $0 }.map { unsafe String(cString: $0) }
    }

    /// Nil where there is nothing of this name.
    private func isFolder(_ path: String) -> Bool? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode & S_IFMT == S_IFDIR : nil
    }
}
