extension Span<UInt8> {
    /// The first index from `start` on whose symbol is not such a one.
    func skip(from start: Int, while isSuch: (UInt8) -> Bool) -> Int {
        var index = start
        while index < count, isSuch(self[index]) { index += 1 }
        return index
    }

    /// The index behind these ASCII letters and signs, in lower case, if they stand at `start` in any case.
    func skip(_ word: String, at start: Int) -> Int? {
        var index = start
        for character in word.utf8 {
            guard index < count, Symbol.lowercased(self[index]) == character else { return nil }
            index += 1
        }
        return index
    }

    /// The index behind these symbols, if they stand at `start`.
    func skip<let length: Int>(_ symbols: InlineArray<length, UInt8>, at start: Int) -> Int? {
        guard start + length <= count else { return nil }
        for offset in symbols.indices where self[start + offset] != symbols[offset] { return nil }
        return start + length
    }

    /// Where this ASCII text first is, in this case.
    func range(of word: String) -> Range<Int>? {
        let length = word.utf8.count
        guard let first = word.utf8.first, count >= length else { return nil }
        return (0...count - length).first { start in
            self[start] == first && zip(word.utf8, start...).allSatisfy { self[$1] == $0 }
        }
        .map { $0..<$0 + length }
    }
}
