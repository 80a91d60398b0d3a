import Foundation
import RollcallCore
import RollcallFiles
import Testing

@Suite struct FilePatternTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func names(_ pattern: String) throws -> [String] {
        try FilePattern("\(scratch.path)/\(pattern)").files().map { String($0.name.dropFirst(scratch.path.count + 1)) }
    }

    /// So that rejects and positions are the same wherever the program is started.
    @Test func aFileIsCalledAsThePipelineFileCallsIt() throws {
        try scratch.write([], to: "a.csv")
        let file = try #require(try FilePattern("*.csv", from: "\(scratch.path)/").files().first)
        #expect(file.name == "a.csv")
        #expect(file.path == "\(scratch.path)/a.csv")
        #expect(file.byteCount == 0)
        #expect(try FilePattern("a.csv", from: "\(scratch.path)/").files() == [file])
    }

    @Test func filesComeInTheOrderOfTheirNames() throws {
        for name in ["b.csv", "a.csv", "B.csv", "a.csv.gz", "c.txt", ".d.csv"] { try scratch.write("", to: name) }
        #expect(try names("*.csv*") == ["B.csv", "a.csv", "a.csv.gz", "b.csv"])
        #expect(try names("?.csv") == ["B.csv", "a.csv", "b.csv"])
        #expect(try names("[ab].csv") == ["a.csv", "b.csv"])
    }

    @Test func aNameThatIsThereIsNoPattern() throws {
        for name in ["a[1].csv", "a1.csv"] { try scratch.write("", to: name) }
        #expect(try names("a[1].csv") == ["a[1].csv"])
    }

    @Test func foldersAreNoFiles() throws {
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/sub.csv", withIntermediateDirectories: false)
        try scratch.write("", to: "a.csv")
        #expect(try names("*.csv") == ["a.csv"])
    }

    @Test(arguments: [("*.tsv", "no file matches"), ("none.csv", "no such file"), (".", "is a folder")])
    func nothingToReadIsAnErrorWithAWayOut(_ pattern: String, _ words: String) throws {
        let error = try #require(throws: RollcallError.self) { try names(pattern) }
        #expect(error.disposition == .preflight)
        #expect(error.description.contains(words))
        #expect(error.problems.allSatisfy { $0.hint != nil })
    }

    /// Its rows would count as gone.
    @Test func aLinkToNothingIsNotPassedBy() throws {
        try scratch.write("", to: "a.csv")
        try FileManager.default.createSymbolicLink(atPath: "\(scratch.path)/b.csv", withDestinationPath: "nowhere.csv")
        let error = try #require(throws: RollcallError.self) { try names("*.csv") }
        #expect(error.disposition == .preflight)
        #expect(error.description.contains("b.csv is there and cannot be looked at"), "\(error.description)")
    }

    /// Files that are not seen have rows that would count as gone; a link in a circle is as good as a folder that may not be read.
    @Test(arguments: [
        ("round/*.csv", "round cannot be looked through"), ("*/a.csv", "round is there and cannot be looked at"),
        ("*/*/a.csv", "round is there and cannot be looked at"),
    ])
    func aFolderThatCannotBeReadIsNotPassedBy(_ pattern: String, _ words: String) throws {
        let link = "\(scratch.path)/round"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: link)
        let error = try #require(throws: RollcallError.self) { try names(pattern) }
        #expect(error.disposition == .preflight)
        #expect(error.description.contains(words), "\(error.description)")
    }

    @Test(.disabled(if: geteuid() == 0, "root may read every folder"), arguments: [0o300, 0o600])
    func aFolderThatMayNotBeReadIsNotPassedBy(_ mode: Int) throws {
        let folder = "\(scratch.path)/closed"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try scratch.write("", to: "closed/a.csv")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder)
        defer { _ = unsafe chmod(folder, 0o700) }
        for pattern in mode == 0o300 ? ["closed/*.csv", "*/*.csv"] : ["*/a.csv", "*/*.csv"] {
            let error = try #require(throws: RollcallError.self) { try names(pattern) }
            #expect(error.disposition == .preflight, "\(pattern)")
        }
    }

    @Test func aFolderThatIsNotThereHasNoFiles() throws {
        try scratch.write("", to: "a.csv")
        for pattern in ["nowhere/*.csv", "*/b.csv", "a.csv/*.csv"] {
            let error = try #require(throws: RollcallError.self) { try names(pattern) }
            #expect(error.description.contains("no file matches"), "\(error.description)")
        }
    }

    @Test func aDashIsStandardInput() throws {
        #expect(try FilePattern("-").files() == [.standardInput])
    }

    @Test(arguments: [
        ("a.csv", Compression.none), ("a.csv.gz", .gzip), ("a.CSV.GZ", .gzip), ("a.zst", .zstd), ("a.zstd", .zstd),
    ])
    func theEndingTellsTheCompression(_ name: String, _ compression: Compression) {
        #expect(InputFile(path: name).compression == compression)
    }

    /// A source looks at its files more than once, and a pipe gives its bytes to the first look.
    @Test func whatIsNoOrdinaryFileIsRefused() throws {
        let error = try #require(throws: RollcallError.self) {
            _ = try TextReader(InputFile(path: "/dev/null"), encoding: .utf8)
        }
        #expect(error.disposition == .preflight)
        #expect(error.description.contains("standard input"))
    }
}
