/// The time zones of numbers by the digits they begin with, decoded once from the generated text.
struct ZonePrefixes: Sendable {
    static let shared = ZonePrefixes(GeneratedZones.prefixes)

    private typealias State = UInt16

    /// Zones that numbers have in common; nowhere there are none.
    private let lists: [[String]]
    /// For a state and a digit the next state; the first one is the start, and none leads back to it.
    private var next: [State] = Array(repeating: 0, count: 10)
    /// For each state the place of its list.
    private var places: [UInt16] = [0]

    /// - Parameter text: A line for each list: its zones with commas between, then beginnings of numbers.
    private init(_ text: String) {
        let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
        lists = [[]] + lines.map { $0[0].split(separator: ",").map(String.init) }
        for (index, line) in lines.enumerated() {
            for prefix in line.dropFirst() { add(prefix, UInt16(index + 1)) }
        }
    }

    private mutating func add(_ prefix: Substring, _ place: UInt16) {
        var state = 0
        for digit in prefix.utf8 {
            let step = state * 10 + Int(digit - UInt8(ascii: "0"))
            if next[step] == 0 {
                next[step] = State(places.count)
                next.append(contentsOf: repeatElement(0, count: 10))
                places.append(0)
            }
            state = Int(next[step])
        }
        places[state] = place
    }

    /// The zones of the longest beginning that is known; empty where none is.
    func zones(of digits: Span<UInt8>) -> [String] {
        var state = 0
        var place: UInt16 = 0
        for index in digits.indices {
            state = Int(next[state * 10 + Int(digits[index] - UInt8(ascii: "0"))])
            guard state > 0 else { break }
            if places[state] > 0 { place = places[state] }
        }
        return lists[Int(place)]
    }
}
