"""ClaimReview in and out: dirty markup, feeds and files to statements, with a report of what was dropped.

Also publishers' rating words to our normalized rating. The only place that knows camelCase names.
"""
