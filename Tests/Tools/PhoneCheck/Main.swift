internal import PhoneNumbers
internal import PhoneOracle

/// Answers lines of `region<TAB>number` on standard input; with `--rate`, says how many of them a core reads and checks a second.
@main enum PhoneCheck {
    static func main() {
        if CommandLine.arguments.contains("--rate") {
            rate()
        } else {
            while let line = readLine() {
                let (region, number) = parts(line)
                print(PhoneAnswer.line(for: number.span, region: region.span))
            }
        }
    }

    private static func rate() {
        var regions: [PhoneRegion?] = []
        var numbers: [[UInt8]] = []
        while let line = readLine() {
            let (region, number) = parts(line)
            regions.append(PhoneRegion(region.span))
            numbers.append(number)
        }
        let passes = max(1, 3_000_000 / max(1, numbers.count))
        var output: [UInt8] = []
        var valid = 0
        let clock = ContinuousClock()
        let start = clock.now
        for _ in 0..<passes {
            for index in numbers.indices {
                output.removeAll(keepingCapacity: true)
                let text = numbers[index]
                guard let number = try? PhoneNumber(text.span, region: regions[index]) else { continue }
                number.appendE164(to: &output)
                let assignment = number.assignment
                if assignment.isValid, assignment.region != nil { valid += 1 }
            }
        }
        let elapsed = (clock.now - start) / Duration.seconds(1)
        let read = numbers.count * passes
        print("\(Int(Double(read) / elapsed)) numbers/s, \(valid * 100 / max(1, read)) % of them valid")
    }

    private static func parts(_ line: String) -> (region: [UInt8], number: [UInt8]) {
        let parts = line.utf8.split(separator: UInt8(ascii: "\t"), maxSplits: 1, omittingEmptySubsequences: false)
        return (Array(parts[0]), parts.count > 1 ? Array(parts[1]) : [])
    }
}
