/** The version of this software, as reports, the ledger and the CapabilityStatement name it. */
export const SOFTWARE_VERSION = '0.1.0';
