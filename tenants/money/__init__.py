"""Money of a case (geld): repayment plans and the references that payments carry."""
