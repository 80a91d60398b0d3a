internal import Glibc
internal import RollcallCore

/// Which files a source reads: one path, a pattern of the shell (`drop/*.csv.gz`), or `-` for standard input.
package struct FilePattern: Sendable {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    package var isStandardInput: Bool { text == "-" }

    /// The files that are there now, in the order of their names' bytes; folders and hidden files are not looked for.
    ///
    /// - Throws: a preflight error where there is none.
    package func files() throws -> [InputFile] {
        if isStandardInput { return [.standardInput] }
        // A name that is there is meant, whatever stands in it.
        if isFolder(text) == false { return [InputFile(path: text)] }
        let files = try matches().filter { path in
            guard let isFolder = isFolder(path) else {
                throw RollcallError(
                    .preflight,
                    "\(path) is there and cannot be looked at",
                    hint:
                        "it may be a link to what is not there; mend it, or take it away: its rows would count as gone"
                )
            }
            return !isFolder
        }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard files.isEmpty else { return files.map { InputFile(path: $0) } }
        let isPattern = text.contains { "*?[".contains($0) }
        throw RollcallError(
            .preflight,
            isPattern ? "no file matches `path: \(text)`" : "\(text): no such file",
            hint: isFolder(text) == true
                ? "it is a folder; name its files, as in `path: \(text)/*`"
                : "a path that does not begin with / is meant from the folder of the pipeline file"
        )
    }

    private func matches() -> [String] {
        var found = unsafe glob_t()
        defer { unsafe globfree(&found) }
        guard unsafe glob(text, GLOB_NOSORT, nil, &found) == 0 else { return [] }
        let paths = unsafe UnsafeBufferPointer(start: found.gl_pathv, count: Int(found.gl_pathc))
        return unsafe paths.compactMap { unsafe $0 }.map { unsafe String(cString: $0) }
    }

    /// Nil where there is nothing of this name.
    private func isFolder(_ path: String) -> Bool? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode & S_IFMT == S_IFDIR : nil
    }
}
