import { GraphQLError, type ASTVisitor, type ValidationContext } from 'graphql';

const MOST_ALIASES = 50;
const MOST_DIRECTIVES = 50;

/** A validation rule: at most 50 aliases and 50 directives in a document, for what they repeat costs each time. */
export function repetitionLimits(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  let directives = 0;
  const refuse = (what: string, code: string) => context.reportError(new GraphQLError(what, { extensions: { code } }));
  return {
    Field: ({ alias }) => void (aliases += alias ? 1 : 0),
    Directive: () => void (directives += 1),
    Document: {
      leave() {
        if (aliases > MOST_ALIASES) refuse(`The query has more than ${MOST_ALIASES} aliases.`, 'QUERY_TOO_MANY_ALIASES');
        if (directives > MOST_DIRECTIVES) refuse(`The query has more than ${MOST_DIRECTIVES} directives.`, 'QUERY_TOO_MANY_DIRECTIVES');
      },
    },
  };
}
