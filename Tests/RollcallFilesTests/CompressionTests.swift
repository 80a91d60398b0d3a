import RollcallCore
import RollcallFiles
import RollcallTestSupport
import Testing

@Suite struct CompressionTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Some hundred kilobytes that do not repeat, so that packed data is longer than a buffer.
    private static let text: [UInt8] = {
        var numbers = SeededGenerator(seed: 1)
        return (0..<60_000).flatMap { "\($0),\(numbers.next())\n".utf8 }
    }()

    private func packed(_ bytes: [UInt8], _ ending: String) throws -> [UInt8] {
        let file = try scratch.write(bytes, to: "plain")
        // Python is what every machine has that can write gzip; zstd's own program is not everywhere, so the library does it.
        return try ending == "gz"
            ? output(
                of: "python3",
                [
                    "-c", "import gzip,sys; sys.stdout.buffer.write(gzip.compress(open(sys.argv[1],'rb').read()))",
                    file.name,
                ]
            )
            : ZstdPacker.pack(bytes)
    }

    private func read(_ bytes: [UInt8], _ ending: String) throws -> [UInt8] {
        try TextReader(try scratch.write(bytes, to: "data.\(ending)"), encoding: .utf8).rest().text
    }

    @Test(arguments: ["gz", "zst"])
    func packedFilesReadLikePlainOnes(_ ending: String) throws {
        #expect(try read(packed(Self.text, ending), ending) == Self.text)
        #expect(try read(packed([], ending), ending) == [])
    }

    @Test(arguments: ["gz", "zst"])
    func partsOneAfterTheOtherAreOneText(_ ending: String) throws {
        let both = try packed(Self.text, ending) + packed(Array("last\n".utf8), ending)
        #expect(try read(both, ending) == Self.text + Array("last\n".utf8))
    }

    @Test func zerosBehindGzipDataAreNoData() throws {
        let padded = try packed(Self.text, "gz") + [UInt8](repeating: 0, count: 100_000)
        #expect(try read(padded, "gz") == Self.text)
    }

    @Test(arguments: ["gz", "zst"])
    func aFileThatEndsInTheMiddleIsAnError(_ ending: String) throws {
        let whole = try packed(Array("id,name\n1,Ada\n".utf8), ending)
        for length in 0..<whole.count {
            let error = try #require(throws: RollcallError.self) { _ = try read(Array(whole[..<length]), ending) }
            #expect(error.disposition == .fatal)
            #expect(error.description.contains("data.\(ending)") && error.description.contains("ends in its middle"))
        }
    }

    @Test(arguments: ["gz", "zst"], ["\n", "x", "some text"])
    func whatElseFollowsPackedDataIsNotTakenForItsBeginning(_ ending: String, _ rest: String) throws {
        let whole = try packed(Array("id,name\n1,Ada\n".utf8), ending)
        let error = try #require(throws: RollcallError.self) { _ = try read(whole + Array(rest.utf8), ending) }
        #expect(error.description.contains("behind byte \(whole.count) (something else follows there)"), "\(error)")
    }

    @Test(arguments: ["gz", "zst"])
    func damagedDataIsAnErrorThatNamesTheFile(_ ending: String) throws {
        var damaged = try packed(Self.text, ending)
        for index in damaged.count / 2..<damaged.count / 2 + 64 { damaged[index] ^= 0x55 }
        let error = try #require(throws: RollcallError.self) { _ = try read(damaged, ending) }
        #expect(error.description.contains("data.\(ending)") && error.description.contains("damaged"))
    }

    /// What follows is read ahead; its fault is told where it is.
    @Test(arguments: ["gz", "zst"])
    func theTextBeforeTheFaultIsHandedOver(_ ending: String) throws {
        let file = try scratch.write(Array(packed(Self.text, ending).dropLast(10)), to: "data.\(ending)")
        let reader = try TextReader(file, encoding: .utf8)
        #expect(throws: RollcallError.self) { while try reader.readMore() {} }
        let count = reader.withText { $0.count }
        #expect(count > Self.text.count - (1 << 18))
        #expect(reader.withText { span in span.indices.allSatisfy { span[$0] == Self.text[$0] } })
    }

    @Test(arguments: ["gz", "zst"])
    func aFileThatIsNotPackedAtAllIsAnError(_ ending: String) {
        #expect(throws: RollcallError.self) { _ = try read(Self.text, ending) }
    }
}
