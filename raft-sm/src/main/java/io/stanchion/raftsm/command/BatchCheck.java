package io.stanchion.raftsm.command;

import io.stanchion.proto.command.AppendProto;
import io.stanchion.proto.command.Batch;
import io.stanchion.proto.command.ChannelLimitsProto;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.PublisherProto;
import io.stanchion.proto.command.SettingsProto;
import io.stanchion.raftsm.model.SequenceRanges;

/** What must be true of bytes before they enter the log. Whatever passes can be applied. */
final class BatchCheck {
    private BatchCheck() {}

    static String check(Batch batch) {
        if (batch.getGateway().isEmpty()) {
            return "a batch without a gateway";
        }
        if (batch.getNumber() <= 0 || batch.getIncarnation() < 0) {
            return "batch number " + batch.getNumber() + " of incarnation " + batch.getIncarnation();
        }
        for (int i = 0; i < batch.getCommandsCount(); i++) {
            String problem = check(batch.getCommands(i));
            if (!problem.isEmpty()) {
                return "command " + i + " of batch " + batch.getNumber() + " of " + batch.getGateway() + ": " + problem;
            }
        }
        return "";
    }

    private static String check(CommandProto command) {
        return switch (command.getCommandCase()) {
            case APPEND -> check(command.getAppend());
            case ACK -> SequenceRanges.checkPairs(command.getAck().getRangesList());
            case OPEN_SESSION ->
                command.getOpenSession().getClientId().isEmpty() ? "a session without a client ID" : "";
            case SUBSCRIBE ->
                command.getSubscribe().getAckInbox().isEmpty() ? "a subscription without an ack inbox" : "";
            case CONFIGURE -> check(command.getConfigure().getSettings());
            case COMMAND_NOT_SET -> "a command that this version does not know";
            default -> "";
        };
    }

    private static String check(AppendProto append) {
        if (append.getChannel().isEmpty()) {
            return "a run without a channel";
        }
        int announced = 0;
        int left = Records.count(append.getRecords());
        if (left <= 0) {
            return "a run whose records can't be told apart";
        }
        for (PublisherProto publisher : append.getPublishersList()) {
            int count = publisher.getCount();
            if (count <= 0 || count > left) {
                return "a publisher of " + count + " records where " + left + " are left";
            }
            announced += count;
            left -= count;
        }
        return left == 0 ? "" : left + " records more than the " + announced + " announced";
    }

    private static boolean isBeyondMeasure(ChannelLimitsProto limits) {
        return limits.getMaxSubscriptions() < 0
                || limits.getMaxMessages() < 0
                || limits.getMaxBytes() < 0
                || limits.getMaxAgeNanos() < 0
                || limits.getMaxInactivityNanos() < 0;
    }

    private static String check(SettingsProto settings) {
        return settings.getMaxChannels() < 0
                        || settings.getMaxSubscriptions() < 0
                        || settings.getMaxMessages() < 0
                        || settings.getMaxBytes() < 0
                        || settings.getMaxAgeNanos() < 0
                        || settings.getMaxInactivityNanos() < 0
                        || settings.getHeartbeatFailCount() < 0
                        || settings.getChannelLimitsList().stream().anyMatch(BatchCheck::isBeyondMeasure)
                ? "a limit beyond all measure"
                : "";
    }
}
