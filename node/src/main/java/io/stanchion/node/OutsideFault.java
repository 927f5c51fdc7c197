package io.stanchion.node;

/** What ends a node and is not of its making: an operator can put it right, and no stack trace would help him. */
final class OutsideFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutsideFault(String reason) {
        super(reason);
    }
}
