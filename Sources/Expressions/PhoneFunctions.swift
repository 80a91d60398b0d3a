internal import CSQLite
internal import PhoneNumbers

extension SQLiteDatabase {
    /// `e164(phone[, region])`.
    func addPhoneFunctions() throws {
        for count in Int32(1)...2 {
            unsafe try addFunction("e164", argumentCount: count) { context, count, arguments in
                unsafe FunctionCall(context, count, arguments)?.answerE164()
            }
        }
    }
}

extension FunctionCall {
    /// The number as it is dialled from anywhere; NULL for what is no valid number.
    ///
    /// A region that is NULL, blank or none that exists leaves only numbers that name their country.
    fileprivate func answerE164() {
        var number: [UInt8] = []
        let isValid = withBytes(of: 0) { text in
            guard count > 1 else { return PhoneNumber.appendE164(of: text, region: Span(), to: &number) }
            return withBytes(of: 1) { region in
                PhoneNumber.appendE164(of: text, region: region.extracting(region.rangeWithoutBlanks), to: &number)
            }
        }
        if isValid { answer(number) } else { answerNull() }
    }
}
