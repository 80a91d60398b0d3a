import RollcallCore
import RollcallFiles
import RollcallTestSupport
import Testing

@Suite struct TextFilesTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func files() throws -> TextFiles {
        TextFiles(try FilePattern("\(scratch.path)/*").files(), encoding: .utf8)
    }

    /// Passes by so many bytes over the files; nil passes by all.
    @discardableResult
    private func read(_ files: TextFiles, _ count: Int? = nil) throws -> String {
        var text: [UInt8] = []
        var reader = try files.current ?? files.next()
        while let file = reader {
            repeat {
                let part = file.withText { min($0.count, (count ?? .max) - text.count) }
                file.withText { span in for index in 0..<part { text.append(span[index]) } }
                file.advance(by: part)
                if text.count == count { return String(decoding: text, as: UTF8.self) }
            } while try file.readMore()
            reader = try files.next()
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func writeThree() throws {
        for (name, text) in [("a", "one\n"), ("b", ""), ("c", "two\nthree")] { try scratch.write(text, to: name) }
    }

    @Test func readingGoesOnAtEveryPlace() throws {
        try writeThree()
        let whole = "one\ntwo\nthree"
        for count in 0...whole.utf8.count {
            let first = try files()
            let begun = try read(first, count)
            let second = try files()
            #expect(try second.resume(at: try #require(first.position)) == nil)
            #expect(try begun + read(second) == whole, "after \(count) bytes")
        }
    }

    @Test func whatIsReadWholeIsDone() throws {
        try writeThree()
        let all = try files()
        try read(all)
        let place = try #require(all.position)
        #expect(place.done == 3)
        #expect(place.file == nil)
    }

    @Test(arguments: [
        ("a", "One\n", "changed"), ("a", "one\n\n", "changed"), ("A", "new", "before them"),
        ("c", "twO\nthree", "c has changed"),
        ("c", "tw", "c has changed"), ("bb", "new", "another file"),
    ])
    func aChangeOfWhatWasReadIsNoticed(_ name: String, _ text: String, _ words: String) throws {
        try writeThree()
        let first = try files()
        try read(first, 8)
        try scratch.write(text, to: name)
        let change = try files().resume(at: try #require(first.position))
        #expect(try #require(change).contains(words))
    }

    @Test func aFileThatHasGrownGoesOn() throws {
        try writeThree()
        let first = try files()
        try read(first, 8)
        try scratch.write("two\nthree\nfour", to: "c")
        let second = try files()
        #expect(try second.resume(at: try #require(first.position)) == nil)
        #expect(try read(second) == "three\nfour")
    }

    @Test func aFileThatGrewBehindItsEndIsNoticed() throws {
        try writeThree()
        let first = try files()
        try read(first)
        try scratch.write("two\nthree\n", to: "c")
        #expect(try files().resume(at: try #require(first.position)) != nil)
    }

    @Test func aFileThatIsGoneIsNoticed() throws {
        try writeThree()
        let first = try files()
        try read(first)
        let fewer = TextFiles([InputFile(path: "\(scratch.path)/a")], encoding: .utf8)
        let change = try fewer.resume(at: try #require(first.position))
        #expect(try #require(change).contains("fewer files"))
    }

    @Test func packedFilesGoOnByTheirText() throws {
        let script = "import gzip,sys; sys.stdout.buffer.write(gzip.compress(b'one\\ntwo\\n'))"
        try scratch.write(try output(of: "python3", ["-c", script]), to: "a.gz")
        let first = try files()
        #expect(try read(first, 4) == "one\n")
        let second = try files()
        #expect(try second.resume(at: try #require(first.position)) == nil)
        #expect(try read(second) == "two\n")
    }
}
