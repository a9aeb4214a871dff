/** Events wait to be posted to a subscription's endpoint. Subject: the Subscription's id. */
export const NOTIFY = 'notify-subscription';

/** A subscription may want a sign of life. Subject: the Subscription's id. */
export const HEARTBEAT = 'subscription-heartbeat';

/** A subscription ends. Subject: the Subscription's id. */
export const SUBSCRIPTION_ENDS = 'subscription-ends';

/** A Subscription was written: it is to be greeted, or to end. Subject: `ID/VERSION`. */
export const SUBSCRIPTION_CHANGED = 'subscription-changed';
