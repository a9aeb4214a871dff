/** How a package is checked, for who opens it. */
export const README_FILE = 'VERIFY.md';
export const VERIFIER_FILE = 'verify/verify.mjs';

/** @param identifier  what the package is of */
export const verifyText = (identifier: string): string => `# How to check this package (${identifier})

You need Node.js, 20.15 or later, and nothing else: no network, no account, no other file.

    node verify/verify.mjs                    (in this folder, after unpacking)
    node verify.mjs PACKAGE.zip               (the ZIP as it came)
    node verify.mjs PACKAGE.zip --keys KEYS.json --trust CHECKPOINT

It checks

- that every file that the manifests name is there with the digests that they say, that nothing else is, that the manifests are those that
  were signed, that the signature holds, and that each key in signatures/keys is the one that its name says (RFC 7638);
- the records of the server's ledger in data/10-audit: each one's hash, and its proof (RFC 9162) to a checkpoint that the server signed. With
  \`--trust\` a checkpoint that you were given before must be one of those in checkpoints.jsonl;
- each electronic signature in data/signatures.json, and that the protocol is, to the byte, the one that was signed; that the analysis plan
  and the manifest of cases are those of the protocol;
- that each case of the manifest has its truth, and a prediction or an error, and that no table has another case;
- **all results**: it computes them anew from the tables of cases, predictions and readings, and compares them to the last digit;
- that truth, predictions and readings are those that were frozen, and that investigator and statistician signed that to unblind the study;
- that, by the ledger, the protocol was signed before the model read the first case, a reader was shown one, or the study was unblinded, and
  that each prediction is what the model gave, by the digest on record.

It prints what it checked, and names each file that is wrong. It ends with 0 where all holds, 1 where something was changed, 2 where
something is missing or cannot be read, 3 where a signature does not hold.

**What it cannot know by itself.** Who changes a package can also change the verify.mjs in it and sign with a key of their own, put
into signatures/keys. So take verify.mjs from another package or from the software's release, and give it the public keys (JWKS) as the
server publishes them or as they were handed to you (\`--keys\`). Nor can it know what was never put on record: that the tables say what readers
said and what the truth is rests on the signature, and that nothing else was recorded of the study on the server.

Without Node: this is a bag of BagIt 1.0 (RFC 8493), which other tools check, too. \`sha512sum -c manifest-sha512.txt\` and
\`sha512sum -c tagmanifest-sha512.txt\` check the files (a % in a name stands there as %25); signatures/package.dsse.json is a DSSE envelope (Ed25519) with an in-toto
statement that has the SHA-512 of tagmanifest-sha512.txt. What the files mean is in data/ro-crate-metadata.json (RO-Crate 1.2).
`;
