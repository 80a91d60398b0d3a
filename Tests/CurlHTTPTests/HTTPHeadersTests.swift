import CurlHTTP
import Testing

@Suite struct HTTPHeadersTests {
    @Test func namesAreComparedWithoutRegardToCase() {
        let headers: HTTPHeaders = ["Retry-After": "3"]
        #expect(headers["retry-after"] == "3")
        #expect(headers["RETRY-AFTER"] == "3")
        #expect(headers["Retry-Afte"] == nil)
        #expect(headers["Retry[After"] == nil)
    }

    @Test func settingReplacesEveryFieldOfTheName() {
        var headers: HTTPHeaders = ["A": "1", "B": "2", "a": "3"]
        headers["a"] = "4"
        #expect(headers == ["B": "2", "a": "4"])
        headers["b"] = nil
        #expect(headers == ["a": "4"])
    }

    @Test func theFirstOfRepeatedFieldsIsRead() {
        var headers = HTTPHeaders()
        headers.add("Set-Cookie", "a")
        headers.add("set-cookie", "b")
        #expect(headers["Set-Cookie"] == "a")
        #expect(headers.fields.map(\.value) == ["a", "b"])
    }
}
