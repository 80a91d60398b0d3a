internal import Synchronization

/// A value that a closure hands out.
final class Box<Value: Sendable>: Sendable {
    private let content = Mutex<Value?>(nil)

    var value: Value? {
        get { content.withLock(\.self) }
        set { content.withLock { $0 = newValue } }
    }

    func change(_ body: (inout Value?) -> Void) {
        content.withLock { body(&$0) }
    }
}
