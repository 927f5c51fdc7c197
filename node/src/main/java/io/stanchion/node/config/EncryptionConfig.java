package io.stanchion.node.config;

import io.stanchion.raftsm.cipher.Aead;
import io.stanchion.raftsm.cipher.DataKey;
import io.stanchion.raftsm.cipher.Encryption;

/**
 * Encryption at rest, as the operator wants it. It shows nobody the passphrase.
 */
public final class EncryptionConfig {
    private final boolean isOn;
    private final Aead aead;
    private final String passphrase;
    private final String warning;

    EncryptionConfig(boolean isOn, Aead aead, String passphrase, String warning) {
        this.isOn = isOn;
        this.aead = aead;
        this.passphrase = passphrase;
        this.warning = warning;
    }

    /** Takes half a second if encryption is on. */
    public Encryption derive(String clusterId) {
        return isOn ? Encryption.with(DataKey.derive(passphrase, clusterId, aead)) : Encryption.off();
    }

    public boolean isOn() {
        return isOn;
    }

    public Aead aead() {
        return aead;
    }

    /** What the operator should know; empty if all is well. */
    public String warning() {
        return warning;
    }

    @Override
    public String toString() {
        return "EncryptionConfig[" + (isOn ? aead : "off") + "]";
    }
}
