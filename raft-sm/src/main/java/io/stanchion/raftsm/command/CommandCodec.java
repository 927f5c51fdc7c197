package io.stanchion.raftsm.command;

import com.google.protobuf.ByteString;
import io.stanchion.proto.command.AckProto;
import io.stanchion.proto.command.AppendProto;
import io.stanchion.proto.command.CloseSessionProto;
import io.stanchion.proto.command.CloseSubscriptionProto;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.CompareDigestsProto;
import io.stanchion.proto.command.ConfigureProto;
import io.stanchion.proto.command.DeleteChannelProto;
import io.stanchion.proto.command.ExpireAcksProto;
import io.stanchion.proto.command.HeartbeatProto;
import io.stanchion.proto.command.OpenSessionProto;
import io.stanchion.proto.command.PingSessionProto;
import io.stanchion.proto.command.PublisherProto;
import io.stanchion.proto.command.RedeliverProto;
import io.stanchion.proto.command.ReportDigestProto;
import io.stanchion.proto.command.StartDeliveryProto;
import io.stanchion.proto.command.SubscribeProto;
import io.stanchion.proto.command.TakeOverProto;
import io.stanchion.proto.command.TickProto;
import io.stanchion.proto.record.SessionRecord;
import io.stanchion.raftsm.model.Digest;
import io.stanchion.raftsm.model.Leaving;
import io.stanchion.raftsm.model.Options;
import io.stanchion.raftsm.model.SequenceRanges;
import io.stanchion.raftsm.model.Settings;
import io.stanchion.raftsm.model.Start;
import java.util.ArrayList;
import java.util.List;

/** Commands as the log has them, and as apply takes them. */
public final class CommandCodec {
    private CommandCodec() {}

    /** Of a proto that passed {@link BatchApplier#check}. */
    public static Command decode(CommandProto proto) {
        return switch (proto.getCommandCase()) {
            case APPEND -> append(proto.getAppend());
            case ACK ->
                new Ack(
                        proto.getAck().getAckInbox(),
                        SequenceRanges.fromPairs(proto.getAck().getRangesList()));
            case OPEN_SESSION -> openSession(proto.getOpenSession());
            case CLOSE_SESSION -> new CloseSession(proto.getCloseSession().getClientId());
            case SUBSCRIBE -> subscribe(proto.getSubscribe());
            case START_DELIVERY -> new StartDelivery(proto.getStartDelivery().getSubscription());
            case CLOSE_SUBSCRIPTION -> closeSubscription(proto.getCloseSubscription());
            case REDELIVER -> redeliver(proto.getRedeliver());
            case EXPIRE_ACKS -> new ExpireAcks(proto.getExpireAcks().getSubscription());
            case HEARTBEAT -> heartbeat(proto.getHeartbeat());
            case PING_SESSION -> new PingSession(proto.getPingSession().getConnId());
            case TAKE_OVER -> new TakeOver(proto.getTakeOver().getTerm());
            case CONFIGURE ->
                new Configure(
                        Settings.from(proto.getConfigure().getSettings()),
                        proto.getConfigure().getTerm());
            case TICK -> new Tick();
            case DELETE_CHANNEL ->
                new DeleteChannel(
                        proto.getDeleteChannel().getChannel(),
                        proto.getDeleteChannel().getChannelId());
            case COMPARE_DIGESTS ->
                new CompareDigests(
                        proto.getCompareDigests().getVersion(),
                        proto.getCompareDigests().getMembersList(),
                        proto.getCompareDigests().getBegin());
            case REPORT_DIGEST -> report(proto.getReportDigest());
            case COMMAND_NOT_SET ->
                throw new IllegalStateException("a command in the log that this version does not know");
        };
    }

    private static Redeliver redeliver(RedeliverProto proto) {
        return new Redeliver(proto.getSubscription(), proto.getPresentUntilNanos());
    }

    private static Append append(AppendProto proto) {
        List<Append.Publisher> publishers = new ArrayList<>(proto.getPublishersCount());
        for (PublisherProto publisher : proto.getPublishersList()) {
            publishers.add(new Append.Publisher(publisher.getConnId(), publisher.getClientId(), publisher.getCount()));
        }
        return new Append(proto.getChannel(), publishers, proto.getRecords());
    }

    private static OpenSession openSession(OpenSessionProto proto) {
        SessionRecord session = SessionRecord.newBuilder()
                .setClientId(proto.getClientId())
                .setHeartbeatInbox(proto.getHeartbeatInbox())
                .setProtocol(proto.getProtocol())
                .setConnId(ByteString.copyFrom(
                        proto.getConnId().toByteArray())) // not a part of the entry, which would stay with it
                .setPingInterval(proto.getPingInterval())
                .setPingMaxOut(proto.getPingMaxOut())
                .build();
        return new OpenSession(session, proto.getReplaces());
    }

    private static Subscribe subscribe(SubscribeProto proto) {
        return new Subscribe(
                proto.getClientId(),
                proto.getChannel(),
                proto.getQueueGroup(),
                proto.getDurableName(),
                new Options(proto.getInbox(), proto.getAckInbox(), proto.getMaxInFlight(), proto.getAckWaitSecs()),
                new Start(proto.getStartPosition(), proto.getStartSequence(), proto.getStartTimeDelta()),
                proto.getReplaces());
    }

    private static CloseSubscription closeSubscription(CloseSubscriptionProto proto) {
        return new CloseSubscription(
                proto.getClientId(),
                proto.getChannel(),
                proto.getInbox(),
                proto.getUnsubscribe() ? Leaving.UNSUBSCRIBE : Leaving.CLOSE);
    }

    private static Heartbeat heartbeat(HeartbeatProto proto) {
        return new Heartbeat(proto.getClientId(), proto.getSession(), proto.getAnswered());
    }

    private static ReportDigest report(ReportDigestProto proto) {
        return new ReportDigest(proto.getRound(), proto.getNodeId(), Digest.from(proto.getDigest()));
    }

    public static CommandProto encode(Command command) {
        CommandProto.Builder proto = CommandProto.newBuilder();
        if (command instanceof Append append) {
            proto.setAppend(encode(append));
        } else if (command instanceof Ack ack) {
            proto.setAck(AckProto.newBuilder()
                    .setAckInbox(ack.ackInbox())
                    .addAllRanges(ack.done().toPairs()));
        } else if (command instanceof OpenSession open) {
            proto.setOpenSession(encode(open));
        } else if (command instanceof CloseSession close) {
            proto.setCloseSession(CloseSessionProto.newBuilder().setClientId(close.clientId()));
        } else if (command instanceof Subscribe subscribe) {
            proto.setSubscribe(encode(subscribe));
        } else if (command instanceof StartDelivery start) {
            proto.setStartDelivery(StartDeliveryProto.newBuilder().setSubscription(start.subscription()));
        } else if (command instanceof CloseSubscription close) {
            proto.setCloseSubscription(encode(close));
        } else if (command instanceof Redeliver redeliver) {
            proto.setRedeliver(RedeliverProto.newBuilder()
                    .setSubscription(redeliver.subscription())
                    .setPresentUntilNanos(redeliver.presentUntilNanos()));
        } else if (command instanceof ExpireAcks expire) {
            proto.setExpireAcks(ExpireAcksProto.newBuilder().setSubscription(expire.subscription()));
        } else if (command instanceof Heartbeat heartbeat) {
            proto.setHeartbeat(encode(heartbeat));
        } else if (command instanceof PingSession ping) {
            proto.setPingSession(PingSessionProto.newBuilder().setConnId(ping.connId()));
        } else if (command instanceof TakeOver takeOver) {
            proto.setTakeOver(TakeOverProto.newBuilder().setTerm(takeOver.term()));
        } else if (command instanceof Configure configure) {
            proto.setConfigure(ConfigureProto.newBuilder()
                    .setSettings(configure.settings().toProto())
                    .setTerm(configure.term()));
        } else if (command instanceof Tick) {
            proto.setTick(TickProto.getDefaultInstance());
        } else if (command instanceof DeleteChannel delete) {
            proto.setDeleteChannel(
                    DeleteChannelProto.newBuilder().setChannel(delete.channel()).setChannelId(delete.channelId()));
        } else if (command instanceof CompareDigests compare) {
            proto.setCompareDigests(CompareDigestsProto.newBuilder()
                    .setVersion(compare.version())
                    .addAllMembers(compare.members())
                    .setBegin(compare.begin()));
        } else if (command instanceof ReportDigest report) {
            proto.setReportDigest(ReportDigestProto.newBuilder()
                    .setRound(report.round())
                    .setNodeId(report.nodeId())
                    .setDigest(report.digest().toProto()));
        }
        return proto.build();
    }

    private static AppendProto encode(Append append) {
        AppendProto.Builder proto =
                AppendProto.newBuilder().setChannel(append.channel()).setRecords(append.records());
        append.publishers()
                .forEach(publisher -> proto.addPublishers(PublisherProto.newBuilder()
                        .setConnId(publisher.connId())
                        .setClientId(publisher.clientId())
                        .setCount(publisher.count())));
        return proto.build();
    }

    private static OpenSessionProto encode(OpenSession open) {
        SessionRecord session = open.session();
        return OpenSessionProto.newBuilder()
                .setClientId(session.getClientId())
                .setHeartbeatInbox(session.getHeartbeatInbox())
                .setProtocol(session.getProtocol())
                .setConnId(session.getConnId())
                .setPingInterval(session.getPingInterval())
                .setPingMaxOut(session.getPingMaxOut())
                .setReplaces(open.replaces())
                .build();
    }

    private static SubscribeProto encode(Subscribe subscribe) {
        return SubscribeProto.newBuilder()
                .setClientId(subscribe.clientId())
                .setChannel(subscribe.channel())
                .setQueueGroup(subscribe.queueGroup())
                .setDurableName(subscribe.durableName())
                .setInbox(subscribe.options().inbox())
                .setAckInbox(subscribe.options().ackInbox())
                .setMaxInFlight(subscribe.options().maxInFlight())
                .setAckWaitSecs(subscribe.options().ackWaitSecs())
                .setStartPosition(subscribe.start().position())
                .setStartSequence(subscribe.start().sequence())
                .setStartTimeDelta(subscribe.start().timeDelta())
                .setReplaces(subscribe.replaces())
                .build();
    }

    private static CloseSubscriptionProto encode(CloseSubscription close) {
        return CloseSubscriptionProto.newBuilder()
                .setClientId(close.clientId())
                .setChannel(close.channel())
                .setInbox(close.inbox())
                .setUnsubscribe(close.why() == Leaving.UNSUBSCRIBE)
                .build();
    }

    private static HeartbeatProto encode(Heartbeat heartbeat) {
        return HeartbeatProto.newBuilder()
                .setClientId(heartbeat.clientId())
                .setSession(heartbeat.session())
                .setAnswered(heartbeat.answered())
                .build();
    }
}
