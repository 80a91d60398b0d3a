import Foundation
import PhoneNumbers
import PhoneOracle
import Testing

/// Answers of libphonenumber to numbers of every kind, as `make phone-metadata` wrote them.
@Suite struct LibphonenumberTests {
    @Test func numbersAreReadAndJudgedAsLibphonenumberDoes() throws {
        let file = try #require(
            Bundle.module.url(forResource: "libphonenumber", withExtension: "tsv", subdirectory: "Fixtures")
        )
        let lines = try String(contentsOf: file, encoding: .utf8).split(
            separator: "\n",
            omittingEmptySubsequences: true
        )
        #expect(lines.count == 3500)
        for line in lines {
            let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
            let region = Array(parts[0].utf8)
            let number = Array(parts[1].utf8)
            #expect(
                PhoneAnswer.line(for: number.span, region: region.span) == String(parts[2]),
                "\(parts[0]) \(parts[1])"
            )
        }
    }
}
