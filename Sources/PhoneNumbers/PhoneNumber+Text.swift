extension PhoneNumber {
    /// Appends the E.164 form of a text that is a valid number; what an SQL function needs, whose arguments are text.
    ///
    /// - Parameters:
    ///   - text: A number as people write it.
    ///   - region: The code of the region that it is from; what is no such code is no region.
    ///   - bytes: Left as they are where the text is no valid number.
    /// - Returns: Whether it is one.
    public static func appendE164(of text: Span<UInt8>, region: Span<UInt8>, to bytes: inout [UInt8]) -> Bool {
        guard let number = try? PhoneNumber(text, region: PhoneRegion(region)), number.isValid else { return false }
        number.appendE164(to: &bytes)
        return true
    }
}
